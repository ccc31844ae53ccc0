export interface CsvRow {
  /** Where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFault {
  readonly line: number;
  readonly fault: string;
}

/**
 * CSV as RFC 4180 has it: cells between commas, quoted with `"` where they hold a comma, a quote (doubled) or a line end. Lines end with CRLF
 * or LF. Strict: a quote where none may stand is a fault, and its line is left out. Empty lines are passed over.
 */
export function readCsv(text: string): { readonly rows: readonly CsvRow[]; readonly faults: readonly CsvFault[] } {
  const rows: CsvRow[] = [];
  const faults: CsvFault[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = readRow(text, at);
    if (row.fault !== undefined) faults.push({ line, fault: row.fault });
    else if (row.cells.length > 1 || row.cells[0] !== '') rows.push({ line, cells: row.cells });
    line += text.slice(at, row.end).split('\n').length - 1;
    at = row.end;
  }
  return { rows, faults };
}

interface ReadRow {
  readonly cells: readonly string[];
  readonly fault: string | undefined;
  /** Behind its line end. */
  readonly end: number;
}

function readRow(text: string, from: number): ReadRow {
  const cells: string[] = [];
  for (let at = from; ; at += 1) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell.fault !== undefined) return { cells: [], fault: cell.fault, end: lineEnd(text, cell.end) };
    cells.push(cell.value);
    at = cell.end;
    if (text[at] !== ',') return { cells, fault: undefined, end: lineEnd(text, at) };
  }
}

interface Cell {
  readonly value: string;
  readonly fault: string | undefined;
  readonly end: number;
}

function plainCell(text: string, from: number): Cell {
  const found = /[,\r\n"]/g;
  found.lastIndex = from;
  const end = found.exec(text)?.index ?? text.length;
  if (text[end] === '"') return { value: '', fault: 'a quote within a cell that is not quoted', end };
  return { value: text.slice(from, end), fault: strayReturn(text, end), end };
}

function quotedCell(text: string, from: number): Cell {
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1) return { value: '', fault: 'a quoted cell that does not end', end: text.length };
    if (text[at + 1] === '"') continue;
    const end = at + 1;
    const closed = end === text.length || /[,\r\n]/.test(text.charAt(end));
    const fault = closed ? strayReturn(text, end) : 'text behind the end of a quoted cell';
    return { value: text.slice(from + 1, at).replaceAll('""', '"'), fault, end };
  }
}

function strayReturn(text: string, at: number): string | undefined {
  return text[at] === '\r' && text[at + 1] !== '\n' ? 'a carriage return without a line feed' : undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}
