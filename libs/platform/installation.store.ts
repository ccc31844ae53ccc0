import type { Reader } from './postgres.js';

/** As bytes: the number does not fit a JavaScript one. */
export async function selectIncarnation(reader: Reader): Promise<Uint8Array> {
  const [row] = await reader.query<{ incarnation: Buffer }>(
    'select int8send(incarnation) as incarnation from installation',
  );
  if (row === undefined) throw new Error('the table `installation` is empty: was the database migrated?');
  return row.incarnation;
}
