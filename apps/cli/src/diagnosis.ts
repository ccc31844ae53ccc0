/** `bad`: it does not work or is not safe. `note`: it works, and somebody should know. */
export interface Diagnosis {
  readonly level: 'good' | 'note' | 'bad';
  readonly name: string;
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function good(name: string, what: string): Diagnosis {
  return { level: 'good', name, what };
}

export function note(name: string, what: string, advice: string): Diagnosis {
  return { level: 'note', name, what, advice };
}

export function bad(name: string, what: string, advice: string): Diagnosis {
  return { level: 'bad', name, what, advice };
}
