import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { homeAt } from './home.js';
import { People, type LocalPerson } from './people.js';

const alice: LocalPerson = {
  demo: false,
  server: 'http://127.0.0.1:8080',
  tenantId: 't',
  accountId: 'a',
  address: 'sotto:1/old',
  devices: { phone: 'd' },
};

describe('the people on this machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-people-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('get the contact address of their new account key, and the file is not written for the same one', () => {
    const home = homeAt(folder);
    const people = new People(home);
    people.save('alice', alice);
    const written = statSync(home.people).ino;
    people.keepAddress('alice', 'sotto:1/old');
    expect(statSync(home.people).ino).toBe(written);
    people.keepAddress('alice', 'sotto:1/new');
    expect(people.get('alice')).toEqual({ ...alice, address: 'sotto:1/new' });
  });
});
