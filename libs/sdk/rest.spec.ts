import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeDeviceChain } from '../protocol/chain-wire.js';
import type { ListVersion } from '../protocol/ids.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { firstList, nextList, signList, testAccount, testDevice, testId } from '../signal/testing.js';
import { nodeHost } from './host.js';
import { Rest } from './rest.js';
import type { Tokens } from './tokens.js';

const account = testAccount('pages', testId<TenantId>('tenant'));
const phone = testDevice('pages phone');
const accountId: AccountId = account.accountId;

/** 10 lists; the server shows three at a time, from the version asked for plus `shift`. */
function restOf(asked: string[], shift = 0): Rest {
  let list = firstList(account, phone);
  const lists = [signList(list, account)];
  for (let count = 1; count < 10; count += 1) {
    list = nextList(list, list.entries);
    lists.push(signList(list, phone));
  }
  const host = {
    ...nodeHost,
    fetch: (url: string) => {
      const { searchParams } = new URL(url);
      asked.push(searchParams.get('from') ?? '');
      const from = Math.max(0, Number(searchParams.get('from')) - 1 + (asked.length > 1 ? shift : 0));
      const listVersion = (10 + asked.length) as ListVersion;
      const page = { accountId, listVersion, lists: lists.slice(from, from + 3), tombstones: [] };
      const body = encodeDeviceChain(from + 3 < lists.length ? { ...page, more: true } : page);
      return Promise.resolve({ status: 200, body: new Uint8Array(body) });
    },
  };
  const tokens = { urlOf: (path: string) => path, credentials: () => Promise.resolve({ token: 'x', headers: {} }) };
  return new Rest({ host, server: 'http://pages.test' }, tokens as unknown as Tokens);
}

describe('a chain that comes in pages', () => {
  let asked: string[];
  beforeEach(() => {
    asked = [];
  });

  it('is put together, and is the account as of the last page', async () => {
    const chain = await restOf(asked).chain(accountId, { epoch: 1, version: 1 });
    expect(asked).toEqual(['1', '4', '7', '10']);
    expect(chain.lists).toHaveLength(10);
    expect(chain).toMatchObject({ listVersion: 14 });
    expect(chain.more).toBeUndefined();
  });

  it('is refused when the pages do not get on: no server keeps a client asking for ever', async () => {
    await expect(restOf(asked, -3).chain(accountId, { epoch: 1, version: 1 })).rejects.toMatchObject({
      code: 'answer_unreadable',
    });
    expect(asked).toEqual(['1', '4']);
  });
});
