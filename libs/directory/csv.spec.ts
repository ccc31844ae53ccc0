import { describe, expect, it } from '@jest/globals';
import { readCsv } from './csv.js';

const cellsOf = (text: string) => readCsv(text).rows.map(({ cells }) => cells);

describe('CSV', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"a,1","say ""hi""",\n', [['a,1', 'say "hi"', '']]],
    ['"two\nlines",x', [['two\nlines', 'x']]],
    ['""\n', []],
    ['\n\na\n\n', [['a']]],
    [',\n', [['', '']]],
    ['"""",""""""', [['"', '""']]],
    ['', []],
  ])('reads %j', (text, cells) => {
    expect(readCsv(text).faults).toEqual([]);
    expect(cellsOf(text)).toEqual(cells);
  });

  it('names the line of each fault, also behind cells of several lines, and reads on', () => {
    const text = 'ok\na"b\n"two\nlines"\n"x"y\nfine\rbad\nlast\n"open';
    expect(readCsv(text)).toEqual({
      rows: [
        { line: 1, cells: ['ok'] },
        { line: 3, cells: ['two\nlines'] },
        { line: 7, cells: ['last'] },
      ],
      faults: [
        { line: 2, fault: 'a quote within a cell that is not quoted' },
        { line: 5, fault: 'text behind the end of a quoted cell' },
        { line: 6, fault: 'a carriage return without a line feed' },
        { line: 8, fault: 'a quoted cell that does not end' },
      ],
    });
  });
});
