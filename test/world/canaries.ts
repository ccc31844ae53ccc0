import { randomBytes } from 'node:crypto';

/** A place that was searched, and what stands there. */
export interface Haystack {
  readonly place: string;
  readonly text: Buffer;
}

export interface Finding {
  readonly canary: string;
  readonly place: string;
  readonly form: string;
  /** A little of what stands around it. */
  readonly near: string;
}

interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shorter ones would be found by chance. */
const LEAST_BYTES = 8;

/**
 * Values that may be nowhere: each is looked for as it is, and in the disguises in which programs write bytes down. Base64 is looked for
 * at all three offsets, so that a canary within something larger is found too.
 */
export class Canaries {
  private readonly planted = new Map<string, readonly Needle[]>();

  /** A text that nobody else ever writes. */
  fresh(name: string): string {
    const text = `canary-${name.replaceAll(/\W/g, '-')}-${randomBytes(9).toString('hex')}`;
    this.plant(name, text);
    return text;
  }

  plant(name: string, value: string | Uint8Array): void {
    const bytes = Buffer.from(value);
    if (bytes.length < LEAST_BYTES) throw new Error(`the canary ${name} is too short to be told from chance`);
    this.planted.set(`${name} ${String(this.planted.size)}`, needlesOf(bytes));
  }

  get size(): number {
    return this.planted.size;
  }

  find(haystacks: readonly Haystack[]): readonly Finding[] {
    const findings: Finding[] = [];
    for (const { place, text } of haystacks)
      for (const [canary, needles] of this.planted)
        for (const { form, bytes } of needles) {
          const at = text.indexOf(bytes);
          if (at === -1) continue;
          const near = text.subarray(Math.max(0, at - 60), at + 30).toString('latin1');
          findings.push({ canary, place, form, near });
        }
    return findings;
  }
}

/** Every form in which `bytes` is looked for. */
export function needlesOf(bytes: Buffer): readonly Needle[] {
  const hex = bytes.toString('hex');
  const needle = (form: string, text: string): Needle => ({ form, bytes: Buffer.from(text, 'latin1') });
  const needles = [
    { form: 'raw', bytes },
    needle('hex', hex),
    needle('HEX', hex.toUpperCase()),
    needle('escaped', bytes.toString('latin1').replaceAll(/[^\x20-\x7E]/g, escaped)),
    needle('decimals', [...bytes].join(',')),
    ...[0, 1, 2].flatMap((offset) => {
      const text = inner64(bytes, offset);
      return [needle('base64', text), needle('base64url', text.replaceAll('+', '-').replaceAll('/', '_'))];
    }),
  ];
  return needles.filter((each, index) => needles.findIndex((other) => other.bytes.equals(each.bytes)) === index);
}

/** The middle of the base64 of something in which `bytes` begins at this offset (modulo 3): what does not depend on the neighbours. */
function inner64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const from = offset === 0 ? 0 : offset + 1;
  const rest = (offset + bytes.length) % 3;
  return text.slice(from, rest === 0 ? undefined : -1);
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
