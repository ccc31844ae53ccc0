import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DeviceId } from '../protocol/ids.js';
import { Lanes, type InOrder } from './lanes.js';

const device = 'alice' as DeviceId;
const item = (no: number): InOrder => ({ deviceId: device, no });

describe('Lanes', () => {
  let slow: number[];
  let entered: number[];
  let finish: () => void;
  let lanes: Lanes<InOrder>;
  beforeEach(() => {
    slow = [];
    entered = [];
    lanes = new Lanes<InOrder>({
      goSlowly: ({ no }) => {
        slow.push(no);
        return new Promise((resolve) => (finish = resolve));
      },
      enter: ({ no }) => void entered.push(no),
    });
  });
  const finished = async (): Promise<void> => {
    finish();
    await Promise.resolve();
    await Promise.resolve();
  };

  it('begin at once where nothing of the device is on the fast way, and let what came behind enter afterwards', async () => {
    lanes.takeSlowWay(item(1));
    lanes.takeSlowWay(item(2));
    lanes.takeSlowWay(item(3));
    expect([slow, entered, lanes.has(device)]).toEqual([[1], [], true]);
    await finished();
    expect([slow, entered, lanes.has(device)]).toEqual([[1], [2, 3], false]);
  });

  it('wait for what went the fast way before, and go before what arrived later', () => {
    for (const no of [1, 2, 4]) lanes.takeFastWay(item(no));
    lanes.takeSlowWay(item(3));
    expect([1, 2, 4].map((no) => lanes.isBehind(item(no)))).toEqual([false, false, true]);
    lanes.leaveFastWay(item(1));
    lanes.leaveFastWay(item(2));
    expect(slow).toEqual([]);
    lanes.change(item(4));
    expect(slow).toEqual([3]);
  });

  it('keep the order of arrival, in whatever order their items leave the fast way', async () => {
    for (const no of [1, 2, 3]) lanes.takeFastWay(item(no));
    lanes.takeSlowWay(item(4));
    for (const no of [1, 3, 2]) lanes.change(item(no));
    expect(slow).toEqual([1]);
    await finished();
    expect(entered).toEqual([2, 3, 4]);
  });
});
