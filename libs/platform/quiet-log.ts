import type { Reader } from './postgres.js';

/**
 * What PostgreSQL must not write into its log (D24): with a failed statement it logs the values of the row that broke a rule, and with
 * every statement that it is told to log, their parameters, which are ciphertext, hashes of tokens, and who writes to whom.
 */
const QUIET = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
} as const;

const WISHED = Object.entries(QUIET)
  .map(([name, value]) => `('${name}', '${value}')`)
  .join(', ');

/**
 * Sets for the session whatever its role may set: all of it for a superuser or after `GRANT SET ON PARAMETER … TO …` (PostgreSQL 15), else
 * the last one alone. What is left is the operator's (`loudSettings`).
 */
export const HUSH = `select set_config(name, value, false) from (values ${WISHED}) as wished (name, value)
  where current_setting(name) <> value and (name = 'log_parameter_max_length_on_error' or has_parameter_privilege(name, 'SET'))`;

/** The settings under which this session's statements could leave values in PostgreSQL's log, as `name = value`; empty when none. */
export async function loudSettings(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1::text[])',
    [[...Object.keys(QUIET), 'log_statement', 'log_min_duration_statement', 'log_min_duration_sample']],
  );
  const now = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  const logsParameters =
    ['mod', 'all'].includes(now['log_statement'] ?? '') ||
    now['log_min_duration_statement'] !== '-1' ||
    now['log_min_duration_sample'] !== '-1';
  return Object.entries(QUIET)
    .filter(([name, value]) => now[name] !== value)
    .filter(([name]) => !HARMLESS.has(name) && (name !== 'log_parameter_max_length' || logsParameters))
    .map(([name]) => `${name} = ${String(now[name])}`);
}

/** The text of a failed statement names no value: all of ours are parameters. It is hushed because nobody reads it here either. */
const HARMLESS: ReadonlySet<string> = new Set(['log_min_error_statement']);
