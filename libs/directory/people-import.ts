import type { Db, Reader, Tx } from '../platform/postgres.js';
import { isUuid, type AccountId, type TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Accounts } from './accounts.js';
import { readCsv, type CsvFault } from './csv.js';
import type { Invitations } from './invitations.js';

export interface InvitedPerson {
  readonly line: number;
  readonly name: string;
  readonly accountId: AccountId;
  readonly code: string;
  readonly expiresAt: number;
}

interface Line {
  readonly line: number;
  readonly name: string;
  readonly accountId: AccountId | undefined;
}

export interface Checked {
  readonly people: readonly Line[];
  /** In the order of their lines. */
  readonly faults: readonly CsvFault[];
}

const COLUMNS = ['name', 'account_id'];
const NAME = /^[^\p{Cc}]{1,100}$/u;

/**
 * Many people at once from a CSV file with the columns `name` and, if wanted, `account_id`: for each an account and an invitation for it. All
 * of them, or nobody. Names are given back beside the codes and are not stored: the server knows accounts, not people.
 */
export class PeopleImport {
  constructor(
    private readonly db: Db,
    private readonly parts: { readonly accounts: Accounts; readonly invitations: Invitations },
  ) {}

  /** Every fault that the file has as things stand; changes nothing. */
  async check(tenantId: TenantId, csv: string, reader: Reader = this.db): Promise<Checked> {
    const { people, faults } = checkFile(csv);
    const named = people.flatMap(({ accountId }) => (accountId === undefined ? [] : [accountId]));
    const taken = await this.parts.accounts.taken(reader, tenantId, named);
    const conflicts = people
      .filter(({ accountId }) => accountId !== undefined && taken.has(accountId))
      .map(({ line }) => ({ line, fault: 'account_id: taken' }));
    return { people, faults: [...faults, ...conflicts].toSorted((left, right) => left.line - right.line) };
  }

  async run(
    tx: Tx,
    tenantId: TenantId,
    csv: string,
  ): Promise<{ readonly kind: 'imported'; readonly people: readonly InvitedPerson[] } | Problem> {
    const { accounts, invitations } = this.parts;
    const { people, faults } = await this.check(tenantId, csv, tx);
    const [first] = faults;
    if (first !== undefined)
      return problem('invalid_import', `${faults.length} faults, the first in line ${first.line}: ${first.fault}`);
    const ids = await accounts.createMany(
      tx,
      tenantId,
      people.map(({ accountId }) => accountId),
    );
    if (ids === undefined) return problem('conflict', 'an account id was taken meanwhile');
    const invited = await invitations.createForEach(tx, tenantId, ids);
    return {
      kind: 'imported',
      people: invited.map((invitation, index) => {
        const { line = 0, name = '' } = people[index] ?? {};
        return { line, name, ...invitation };
      }),
    };
  }
}

function checkFile(csv: string): Checked {
  const { rows, faults } = readCsv(csv);
  const [header, ...lines] = rows;
  if (header === undefined) return { people: [], faults: [...faults, { line: 1, fault: 'no header line' }] };
  const columns = header.cells.map((cell) => cell.trim());
  const wrong = [
    ...columns.filter((column, index) => columns.indexOf(column) !== index).map((column) => `column twice: ${column}`),
    ...columns.filter((column) => !COLUMNS.includes(column)).map((column) => `unknown column: ${column.slice(0, 100)}`),
    ...(columns.includes('name') ? [] : ['no column name']),
  ].map((fault) => ({ line: header.line, fault }));
  if (wrong.length > 0) return { people: [], faults: [...wrong, ...faults] };
  const tooMany = { line: lines[LIMITS.importLines]?.line ?? 0, fault: `more than ${LIMITS.importLines} people` };
  if (lines.length > LIMITS.importLines) return { people: [], faults: [...faults, tooMany] };
  const none = lines.length === 0 ? [{ line: header.line, fault: 'nobody is in the file' }] : [];
  const seen = new Map<string, number>();
  const read = lines.map(({ line, cells }) => checkLine({ line, cells, columns, seen }));
  return {
    people: read.map(({ person }) => person),
    faults: [...faults, ...none, ...read.flatMap(({ faults: own }) => own)],
  };
}

function checkLine({
  line,
  cells,
  columns,
  seen,
}: {
  readonly line: number;
  readonly cells: readonly string[];
  readonly columns: readonly string[];
  readonly seen: Map<string, number>;
}): { readonly person: Line; readonly faults: readonly CsvFault[] } {
  const faults: string[] = [];
  if (cells.length !== columns.length) faults.push(`${cells.length} cells instead of ${columns.length}`);
  const name = (cells[columns.indexOf('name')] ?? '').trim();
  if (!NAME.test(name)) faults.push('name: 1 to 100 characters, none of them control characters');
  const id = (cells[columns.indexOf('account_id')] ?? '').trim();
  if (id !== '' && !isUuid(id)) faults.push('account_id: a lower-case UUID');
  const before = seen.get(id);
  if (id !== '' && before !== undefined) faults.push(`account_id: stands in line ${before} too`);
  seen.set(id, before ?? line);
  const accountId = id === '' || !isUuid(id) ? undefined : (id as unknown as AccountId);
  return { person: { line, name, accountId }, faults: faults.map((fault) => ({ line, fault })) };
}
