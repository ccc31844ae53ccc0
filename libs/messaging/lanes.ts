import type { DeviceId } from '../protocol/ids.js';

export interface InOrder {
  readonly deviceId: DeviceId;
  /** Counts what arrived. */
  readonly no: number;
}

interface Lane<Item> {
  readonly behind: Item[];
  running: boolean;
}

/**
 * Two ways for what a device sends, and one order. Many of a device may be on the fast way at once; the slow way is the *lane* of a device,
 * where one goes at a time, and begins only when nothing of the device is on the fast way. What arrives while there is a lane waits behind
 * it, and enters anew when the one in the lane is done.
 */
export class Lanes<Item extends InOrder> {
  private readonly lanes = new Map<DeviceId, Lane<Item>>();
  private readonly onFastWay = new Map<DeviceId, number>();

  constructor(
    private readonly does: {
      /** Resolves when the slow way of one is at its end, well or not. */
      readonly goSlowly: (item: Item) => Promise<void>;
      readonly enter: (item: Item) => void;
    },
  ) {}

  get size(): number {
    return this.lanes.size;
  }

  has(deviceId: DeviceId): boolean {
    return this.lanes.has(deviceId);
  }

  /** Something that arrived before it has its turn in the lane first. */
  isBehind({ deviceId, no }: Item): boolean {
    const first = this.lanes.get(deviceId)?.behind[0];
    return first !== undefined && first.no < no;
  }

  takeFastWay({ deviceId }: Item): void {
    this.onFastWay.set(deviceId, (this.onFastWay.get(deviceId) ?? 0) + 1);
  }

  /** It is done. */
  leaveFastWay({ deviceId }: Item): void {
    const left = (this.onFastWay.get(deviceId) ?? 1) - 1;
    if (left > 0) this.onFastWay.set(deviceId, left);
    else {
      this.onFastWay.delete(deviceId);
      this.begin(deviceId);
    }
  }

  /** Behind all that arrived before it. */
  takeSlowWay(item: Item): void {
    this.queue(item);
    this.begin(item.deviceId);
  }

  /** From the fast way to the slow one. */
  change(item: Item): void {
    this.queue(item);
    this.leaveFastWay(item);
  }

  private queue(item: Item): void {
    const lane = this.lanes.get(item.deviceId) ?? { behind: [], running: false };
    this.lanes.set(item.deviceId, lane);
    lane.behind.push(item);
    lane.behind.sort((left, right) => left.no - right.no);
  }

  private begin(deviceId: DeviceId): void {
    const lane = this.lanes.get(deviceId);
    if (lane === undefined || lane.running || this.onFastWay.has(deviceId)) return;
    const first = lane.behind.shift();
    if (first === undefined) return;
    lane.running = true;
    void this.does.goSlowly(first).then(() => {
      this.lanes.delete(deviceId);
      for (const next of lane.behind) this.does.enter(next);
    });
  }
}
