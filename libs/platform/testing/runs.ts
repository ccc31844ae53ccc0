/** How often a property is tried: as often as a `npm test` has time for, or so many times more under `npm run test:long`. */
export function runs(usual: number): number {
  return usual * Number(process.env['SOTTO_TEST_TIMES'] ?? 1);
}

/** Milliseconds that such a test may take on a loaded machine. */
export function patience(usual: number): number {
  return usual * Number(process.env['SOTTO_TEST_TIMES'] ?? 1);
}
