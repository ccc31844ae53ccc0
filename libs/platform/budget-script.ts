import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Redis } from 'ioredis';
import { MOST_OWED, type BudgetMode, type BudgetStep } from './budgets.js';
import type { HandedBack, TakenAhead } from './holdings.js';

const DAY = 86_400_000;
const REMEMBERED = 50_000;
const MODES: Readonly<Record<BudgetMode, number>> = { take: 0, look: 1, charge: 2, back: 3 };

/** What a batch asks of a budget; microseconds. */
export interface AskedStep extends BudgetStep {
  /** To be taken beside the step where there is ample room; 0: nothing. */
  readonly ahead: number;
  /** What the node holds of the budget and hands back; of the first that names a budget. */
  readonly handed: HandedBack | undefined;
}

export interface AskedOperation {
  readonly mode: BudgetMode;
  readonly budgets: readonly AskedStep[];
}

export interface ScriptAnswer {
  /** Milliseconds to wait for each operation; 0: done. */
  readonly waits: readonly number[];
  /** What this node holds from now on, by name. */
  readonly ahead: ReadonlyMap<string, TakenAhead>;
}

/**
 * The same rules as `BudgetMemory`, for a batch of operations in one call; time is Redis's. ARGV[1] is JSON: a list of budgets, each a flat
 * list of name, name of yesterday (or ''), span, ahead and, where a holding is handed back, its period, size, rest and what it
 * owes; and a list of operations, each a flat list of mode, then for every budget its place and step. ARGV[2] is the lease.
 *
 * A budget is a key with the time at which it is full again. What nodes have taken ahead is in that time, and stands beside it, by the period
 * (a lease long) in which it was taken: for the rest of that and for the next one the budget never counts as fuller than without it,
 * spent or not. So what is held and what is free are never more than the burst together. When that time ends without a word from the
 * node, it counts as spent at that moment. What is handed back goes, and what was spent of it counts from when it was spent, so that a
 * node that is alone with a budget has all of it. What stands under yesterday's name moves.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local lease = tonumber(ARGV[2])
local period = math.floor(now / lease)
local prefix = 'sotto:limit:'
local input = cjson.decode(ARGV[1])
local budgets, operations = input[1], input[2]
local keys, of = {}, {}
local full, newer, older, left, dirty, took = {}, {}, {}, {}, {}, {}
for at, budget in ipairs(budgets) do
  full[at], newer[at], older[at] = 0, 0, 0
  keys[#keys + 1] = prefix .. budget[1]
  of[#keys] = at
  if budget[2] ~= '' then
    keys[#keys + 1] = prefix .. budget[2]
    of[#keys] = -at
  end
end
for from = 1, #keys, 1000 do
  for at, value in ipairs(redis.call('MGET', unpack(keys, from, math.min(from + 999, #keys)))) do
    if value then
      local index = of[from + at - 1]
      if index < 0 then
        index = -index
        redis.call('DEL', keys[from + at - 1])
        dirty[index] = true
      end
      local till, since, new, old = string.match(value, '^(%d+) ?(%d*) ?(%d*) ?(%d*)$')
      till = tonumber(till)
      if since ~= '' then
        since, new, old = tonumber(since), tonumber(new), tonumber(old)
        if since < period then
          if old > 0 then till = math.max(till, (since + 1) * lease + new + old) end
          since, new, old = since + 1, 0, new
        end
        if since < period then
          if old > 0 then till = math.max(till, (since + 1) * lease + old) end
          old = 0
        end
        newer[index], older[index] = newer[index] + new, older[index] + old
      end
      full[index] = math.max(full[index], till)
    end
  end
end
for at, budget in ipairs(budgets) do
  local owed, held = full[at] - now, newer[at] + older[at]
  local since, size = budget[5], budget[6]
  local mine = since == period and newer or since == period - 1 and older
  if mine and mine[at] >= size then
    mine[at] = mine[at] - size
    held = held - size
    owed = math.max(owed - budget[7], budget[8] + held)
    dirty[at] = true
  end
  left[at] = math.max(0, owed, held)
end
local waits = {}
for index, operation in ipairs(operations) do
  local mode, wait = operation[1], 0
  if mode < 2 then
    for place = 2, #operation, 2 do
      local at = operation[place]
      local free = math.max(0, budgets[at][3] - operation[place + 1])
      local more = left[at] - free
      if more > 0 then
        local held = newer[at] + older[at]
        if held > free then
          more = math.max(more, (newer[at] > free and period + 2 or period + 1) * lease - now + held - free)
        end
        wait = math.max(wait, more)
      end
    end
  end
  if wait == 0 and mode ~= 1 then
    for place = 2, #operation, 2 do
      local at, step = operation[place], operation[place + 1]
      if mode == 3 then left[at] = math.max(left[at] - step, newer[at] + older[at])
      elseif mode == 2 then left[at] = math.min(left[at] + step, math.max(left[at], ${String(MOST_OWED)}))
      else
        left[at] = left[at] + step
        took[at] = true
      end
      dirty[at] = true
    end
  end
  waits[index] = math.ceil(wait / 1000)
end
local ahead = {}
for at, budget in ipairs(budgets) do
  ahead[at] = 0
  if budget[4] > 0 and took[at] and left[at] + budget[4] <= budget[3] / 4 then
    left[at] = left[at] + budget[4]
    newer[at] = newer[at] + budget[4]
    ahead[at] = 1
  end
end
for at in pairs(dirty) do
  local key, value, ends = prefix .. budgets[at][1], string.format('%.0f', now + left[at]), left[at]
  if newer[at] + older[at] > 0 then
    value = string.format('%s %.0f %.0f %.0f', value, period, newer[at], older[at])
    if older[at] > 0 then ends = math.max(ends, (period + 1) * lease - now + newer[at] + older[at]) end
    if newer[at] > 0 then ends = math.max(ends, (period + 2) * lease - now + newer[at]) end
  end
  if ends > 0 then redis.call('SET', key, value, 'PX', math.ceil(ends / 1000))
  else redis.call('DEL', key) end
end
return { waits, ahead, period }`;

const SHA = createHash('sha1').update(SCRIPT).digest('hex');

/**
 * The budgets of an installation, in Redis. Redis learns no ids: names are HMACs under a secret of the day, so that what it holds cannot be
 * joined across days. On the day after, a budget that takes longer to fill than the day is old is looked for under both names, so that
 * midnight refills nothing; only what was not touched for a whole day begins anew.
 */
export class BudgetScript {
  private names: { readonly day: number; readonly today: HiddenNames; readonly yesterday: HiddenNames } | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly secret: Uint8Array,
    private readonly leaseMs: number,
  ) {}

  /** `now` in milliseconds says which day it is. */
  async apply(operations: readonly AskedOperation[], now: number): Promise<ScriptAnswer> {
    const asked = new Map<string, { readonly place: number; readonly ahead: number }>();
    const budgets: (readonly (string | number)[])[] = [];
    const flat = operations.map(({ mode, budgets: steps }) => {
      const operation = [MODES[mode]];
      for (const each of steps) {
        let known = asked.get(each.name);
        if (known === undefined) {
          known = { place: budgets.push(this.flat(each, now)), ahead: each.ahead };
          asked.set(each.name, known);
        }
        operation.push(known.place, Math.ceil(each.step));
      }
      return operation;
    });
    const args = [JSON.stringify([budgets, flat]), this.leaseMs * 1000] as const;
    const answer = (await this.redis.evalsha(SHA, 0, ...args).catch(async (error: unknown) => {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return this.redis.eval(SCRIPT, 0, ...args);
    })) as [waits: number[], ahead: (0 | 1)[], period: number];
    const ahead = new Map<string, TakenAhead>();
    for (const [name, { place, ahead: size }] of asked)
      if (answer[1][place - 1] === 1) ahead.set(name, { size, period: answer[2] });
    return { waits: answer[0], ahead };
  }

  private flat({ name, span, ahead, handed }: AskedStep, now: number): readonly (string | number)[] {
    const { today, yesterday } = this.namesOf(Math.floor(now / DAY));
    const sinceMidnight = (now % DAY) * 1000;
    const before = MOST_OWED + 2 * span > sinceMidnight ? yesterday.of(name) : '';
    const flat = [today.of(name), before, Math.ceil(span), ahead];
    if (handed !== undefined) flat.push(handed.period, handed.size, handed.left, handed.owed);
    return flat;
  }

  private namesOf(day: number): { readonly today: HiddenNames; readonly yesterday: HiddenNames } {
    if (this.names?.day !== day)
      this.names = {
        day,
        today: new HiddenNames(this.secret, day),
        yesterday: this.names?.day === day - 1 ? this.names.today : new HiddenNames(this.secret, day - 1),
      };
    return this.names;
  }
}

/** Names of budgets as Redis knows them on one day. An HMAC costs more than the rest of a budget on this side, and names come again. */
class HiddenNames {
  /** Plain bytes would be checked and wrapped anew for each HMAC, which costs four times as much as the HMAC. */
  private readonly secretOfDay: KeyObject;
  private readonly known = new Map<string, string>();

  constructor(secret: Uint8Array, day: number) {
    this.secretOfDay = createSecretKey(
      createHmac('sha256', secret)
        .update(`day ${String(day)}`)
        .digest(),
    );
  }

  of(name: string): string {
    const held = this.known.get(name);
    if (held !== undefined) return held;
    if (this.known.size >= REMEMBERED) this.known.clear();
    const made = createHmac('sha256', this.secretOfDay).update(name).digest('base64url').slice(0, 22);
    this.known.set(name, made);
    return made;
  }
}
