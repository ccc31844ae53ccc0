/** One place where a message is seen on its way (DESIGN "A message walks through eight rooms"). */
export interface Room {
  readonly room: number;
  /** In the sources, from the project folder. */
  readonly file: string;
  readonly what: string;
  /** The exported function, or the method of an exported class, that is measured. */
  readonly of: { readonly function: string } | { readonly class: string; readonly method: string };
}

export const ROOMS: readonly Room[] = [
  { room: 1, file: 'apps/gateway/src/connection.ts', what: 'bytes in', of: { class: 'Connection', method: 'receive' } },
  { room: 2, file: 'libs/protocol/frames.ts', what: 'bytes -> send request', of: { function: 'decodeClientFrame' } },
  { room: 3, file: 'libs/messaging/send.ts', what: 'batch, outcome', of: { class: 'Sender', method: 'send' } },
  {
    room: 4,
    file: 'libs/devices/compare-device-list.ts',
    what: 'device lists agree',
    of: { function: 'compareDeviceList' },
  },
  {
    room: 5,
    file: 'libs/mailbox/mailbox.ts',
    what: 'one statement, COMMIT',
    of: { class: 'Mailbox', method: 'append' },
  },
  { room: 6, file: 'libs/realtime/doorbell.ts', what: 'the nodes are rung', of: { class: 'Doorbell', method: 'ring' } },
  { room: 7, file: 'libs/messaging/drain.ts', what: 'handed to the streams', of: { class: 'Drain', method: 'hear' } },
  {
    room: 8,
    file: 'apps/gateway/src/connection.ts',
    what: 'frames out, answer too',
    of: { class: 'Connection', method: 'write' },
  },
  {
    room: 8,
    file: 'libs/messaging/drain.ts',
    what: 'acks applied, rows go',
    of: { class: 'Drain', method: 'acknowledge' },
  },
];

/** One call of a measured function; nanoseconds of the clock that all processes of the machine share. */
export interface Visit {
  /** Index in ROOMS. */
  readonly at: number;
  readonly entered: number;
  readonly left: number;
}

/** What the server and its probe say to each other. */
export type ProbeMessage = 'begin' | 'report';

/** The name under which the probe is found from the measured modules. */
export const PROBE = 'sotto.trace';

/** The code that, put behind a compiled module, makes a function or method report its calls; undefined when it is not in there. */
export function instrument(source: string, room: Room, at: number): string | undefined {
  const probe = `globalThis[Symbol.for('${PROBE}')]`;
  const { of } = room;
  if ('class' in of) {
    const declared =
      source.includes(`export class ${of.class} `) && new RegExp(`^ {4}(async )?${of.method}\\(`, 'm').test(source);
    if (!declared) return undefined;
    const method = `${of.class}.prototype.${of.method}`;
    return `${source}\n${method} = ${probe}(${String(at)}, ${method});\n`;
  }
  const head = `export function ${of.function}(`;
  if (!source.includes(head)) return undefined;
  const renamed = source.replace(head, `function untraced_${of.function}(`);
  return `${renamed}\nconst traced_${of.function} = ${probe}(${String(at)}, untraced_${of.function});\nexport { traced_${of.function} as ${of.function} };\n`;
}
