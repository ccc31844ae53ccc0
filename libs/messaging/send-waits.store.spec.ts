import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from '../platform/postgres.js';
import { MessagingWorld, told } from './testing.js';

let world: MessagingWorld;

beforeAll(async () => {
  world = await MessagingWorld.create();
});
afterAll(async () => world.drop());

/** The database of the world; `onTransact` hears of each transaction that is asked for. */
function watched(onTransact: () => void): Db {
  const get = (db: Db, name: string | symbol): unknown => {
    if (name === 'transact') onTransact();
    return Reflect.get(db, name, db) as unknown;
  };
  return new Proxy(world.db, { get });
}

describe('a send whose row is held for longer than a statement waits', () => {
  it('is neither accepted nor refused before it is committed (D1), and stored once', async () => {
    const [alice, bob] = [await world.box(), await world.box()];
    const { mailboxNo } = bob.devices[0]!;
    let tries = 0;
    const again = Promise.withResolvers<undefined>();
    const sender = world.senderOn(
      watched(() => {
        tries += 1;
        // The second time the statement that waits has given up once.
        if (tries === 2) again.resolve(undefined);
      }),
    );
    const held = await world.hold(mailboxNo);
    let answer = 'none';
    const outcome = sender.send(alice.devices[0]!.caller, world.request('patient', [bob])).then((done) => {
      answer = told(done);
    });
    await Promise.race([again.promise, outcome]);
    expect([answer, await world.stored(mailboxNo)]).toEqual(['none', []]);
    await held.release();
    await outcome;
    expect([answer, await world.stored(mailboxNo)]).toEqual(['accepted', ['1 patient']]);
  });
});
