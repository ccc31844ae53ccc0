import type { Problem } from '../protocol/problems.js';
import type { Db, Tx } from './postgres.js';

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** A transaction that a problem rolls back: what was written before a rule failed is not stored. */
export async function allOrNothing<Result extends object>(
  db: Db,
  work: (tx: Tx) => Promise<Result | Problem>,
): Promise<Result | Problem> {
  try {
    return await db.transact(async (tx) => {
      const result = await work(tx);
      if (isProblem(result)) throw new Refused(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

export function isProblem(result: object): result is Problem {
  return 'kind' in result && result.kind === 'problem';
}
