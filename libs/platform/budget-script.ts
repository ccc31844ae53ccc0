import { createHash, createHmac } from 'node:crypto';
import type { Redis } from 'ioredis';
import { MOST_OWED, type BudgetMode, type BudgetOperation } from './budgets.js';

const DAY = 86_400_000;
const REMEMBERED = 50_000;
const MODES: Readonly<Record<BudgetMode, number>> = { take: 0, look: 1, charge: 2, back: 3 };

/**
 * The same rules as `BudgetMemory`, for a batch of operations in one call; time is Redis's. ARGV[1] is a JSON list of operations, each a flat
 * list: mode, then for every budget its name, its name of yesterday (or ''), step and span. A budget is a key that holds the time at
 * which it is full again, and ends then. What stands under yesterday's name moves to today's. Answers the milliseconds to wait.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local prefix = 'sotto:limit:'
local operations = cjson.decode(ARGV[1])
local names, full, old, dirty = {}, {}, {}, {}
for _, operation in ipairs(operations) do
  for at = 2, #operation, 4 do
    local name, before = operation[at], operation[at + 1]
    if full[name] == nil then
      full[name] = now
      names[#names + 1] = name
      if before ~= '' then
        old[before] = name
        names[#names + 1] = before
      end
    end
  end
end
for from = 1, #names, 1000 do
  local keys = {}
  for at = from, math.min(from + 999, #names) do keys[#keys + 1] = prefix .. names[at] end
  for at, value in ipairs(redis.call('MGET', unpack(keys))) do
    if value then
      local name = names[from + at - 1]
      local today = old[name]
      value = tonumber(value)
      if today then
        redis.call('DEL', prefix .. name)
        dirty[today] = true
        name = today
      end
      if value > full[name] then full[name] = value end
    end
  end
end
local answers = {}
for index, operation in ipairs(operations) do
  local mode, wait = operation[1], 0
  if mode < 2 then
    for at = 2, #operation, 4 do
      local free = operation[at + 3] - operation[at + 2]
      wait = math.max(wait, full[operation[at]] - now - math.max(0, free))
    end
  end
  if wait == 0 and mode ~= 1 then
    for at = 2, #operation, 4 do
      local name, step = operation[at], operation[at + 2]
      local from = full[name]
      if mode == 3 then full[name] = math.max(now, from - step)
      elseif mode == 2 then full[name] = math.min(from + step, math.max(from, now + ${String(MOST_OWED)}))
      else full[name] = from + step end
      dirty[name] = true
    end
  end
  answers[index] = math.ceil(wait / 1000)
end
for name in pairs(dirty) do
  local left = math.ceil((full[name] - now) / 1000)
  if left > 0 then redis.call('SET', prefix .. name, string.format('%.0f', full[name]), 'PX', left)
  else redis.call('DEL', prefix .. name) end
end
return answers`;

const SHA = createHash('sha1').update(SCRIPT).digest('hex');

/**
 * The budgets of an installation, in Redis. Redis learns no ids: names are HMACs under a secret of the day, so that what it holds cannot be
 * joined across days. On the day after, a budget that takes longer to fill than the day is old is looked for under both names, so that
 * midnight refills nothing; only what was not touched for a whole day begins anew.
 */
export class BudgetScript {
  private day = -1;
  private secrets: readonly [today: Buffer, yesterday: Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  private readonly today = new Map<string, string>();
  private readonly yesterday = new Map<string, string>();

  constructor(
    private readonly redis: Redis,
    private readonly secret: Uint8Array,
  ) {}

  /** Milliseconds to wait for each operation, in order; `now` in milliseconds says which day it is. */
  async apply(operations: readonly BudgetOperation[], now: number): Promise<readonly number[]> {
    this.turnTo(Math.floor(now / DAY));
    const sinceMidnight = (now % DAY) * 1000;
    const text = JSON.stringify(
      operations.map(({ mode, budgets }) => {
        const flat: (string | number)[] = [MODES[mode]];
        for (const { name, step, span } of budgets)
          flat.push(
            this.hidden(this.today, this.secrets[0], name),
            MOST_OWED + 2 * span > sinceMidnight ? this.hidden(this.yesterday, this.secrets[1], name) : '',
            Math.ceil(step),
            Math.ceil(span),
          );
        return flat;
      }),
    );
    return (await this.redis.evalsha(SHA, 0, text).catch(async (error: unknown) => {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return this.redis.eval(SCRIPT, 0, text);
    })) as number[];
  }

  private turnTo(day: number): void {
    if (day === this.day) return;
    this.day = day;
    const of = (which: number): Buffer =>
      createHmac('sha256', this.secret)
        .update(`day ${String(which)}`)
        .digest();
    this.secrets = [of(day), of(day - 1)];
    this.today.clear();
    this.yesterday.clear();
  }

  /** An HMAC costs more than the rest of a budget on this side, and names come again. */
  private hidden(known: Map<string, string>, secret: Buffer, name: string): string {
    const held = known.get(name);
    if (held !== undefined) return held;
    if (known.size >= REMEMBERED) known.clear();
    const made = createHmac('sha256', secret).update(name).digest('base64url').slice(0, 22);
    known.set(name, made);
    return made;
  }
}
