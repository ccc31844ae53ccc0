import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { WebSocket } from 'ws';
import { FakeClock, seededIds } from '../../../libs/platform/testing/fakes.js';
import type { DeviceId } from '../../../libs/protocol/ids.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { Sockets } from './sockets.js';

const ids = seededIds('sockets');
/** A silent socket outlives its minute by no more. */
const STEP = 2_500;
const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

/** A peer at the end of a wire: it answers pings and close frames, unless it is mute. */
class Peer extends EventEmitter {
  readonly said: string[] = [];
  readyState = STATES.OPEN;
  readonly OPEN = STATES.OPEN;
  readonly CONNECTING = STATES.CONNECTING;
  mute = false;

  get socket(): WebSocket {
    return this as unknown as WebSocket;
  }

  ping(): void {
    this.said.push('ping');
    if (!this.mute) this.emit('pong');
  }

  close(code: number, reason: string): void {
    this.said.push(`close ${String(code)} ${reason}`);
    this.readyState = STATES.CLOSING;
    if (!this.mute) this.gone();
  }

  terminate(): void {
    if (this.readyState !== STATES.CLOSED) this.said.push('cut');
    this.gone();
  }

  private gone(): void {
    if (this.readyState === STATES.CLOSED) return;
    this.readyState = STATES.CLOSED;
    this.emit('close');
  }
}

describe('Sockets', () => {
  let clock: FakeClock;
  let sockets: Sockets;
  let random: number;
  beforeEach(() => {
    jest.useFakeTimers();
    clock = new FakeClock();
    random = 0;
    sockets = new Sockets(clock, () => random);
    sockets.start();
  });
  afterEach(async () => {
    const stopped = sockets.stop();
    jest.runOnlyPendingTimers();
    await stopped;
    jest.useRealTimers();
  });

  function add(deviceId: DeviceId | undefined = ids.uuid<DeviceId>()): Peer & { readonly deviceId: DeviceId } {
    const peer = Object.assign(new Peer(), { deviceId: deviceId });
    sockets.add(peer.socket, deviceId);
    return peer;
  }
  function pass(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += STEP) {
      clock.advance(STEP);
      jest.advanceTimersByTime(STEP);
    }
  }

  it('pings every twenty seconds, and cuts who has not answered for a minute', () => {
    const [good, silent] = [add(), add()];
    silent.mute = true;
    pass(LIMITS.socketSilence);
    expect(silent.said).toEqual(['ping', 'ping', 'ping']);
    pass(STEP);
    expect(silent.said.slice(3)).toEqual(['close 4002 silent', 'cut']);
    pass(LIMITS.heartbeat - STEP);
    expect(good.said).toEqual(['ping', 'ping', 'ping', 'ping']);
    expect(sockets.size).toBe(1);
  });

  it('ends a socket after a day, with up to a tenth of it taken off so that not all return at once', () => {
    const whole = add();
    random = 1;
    const shorter = add();
    pass(LIMITS.socketLife * 0.9);
    expect([whole.readyState, shorter.readyState]).toEqual([STATES.OPEN, STATES.OPEN]);
    pass(LIMITS.heartbeat);
    expect(shorter.said.at(-1)).toBe('close 4001 lifetime');
    expect(whole.readyState).toBe(STATES.OPEN);
    pass(LIMITS.socketLife * 0.1);
    expect(whole.said.at(-1)).toBe('close 4001 lifetime');
  });

  it('lets a device that is being linked stay little longer than its session', () => {
    const peer = new Peer();
    sockets.add(peer.socket, undefined);
    pass(LIMITS.linkSessionLife);
    expect(peer.readyState).toBe(STATES.OPEN);
    pass(2 * LIMITS.heartbeat);
    expect(peer.said.at(-1)).toBe('close 4001 lifetime');
  });

  it('closes the sockets of the devices that are named, all of them, and no other', () => {
    const [phone, laptop] = [add(), add()];
    const twin = add(phone.deviceId);
    const linking = new Peer();
    sockets.add(linking.socket, undefined);
    sockets.closeDevices([phone.deviceId, ids.uuid<DeviceId>()], 'revoked');
    expect([phone, twin].map(({ said }) => said)).toEqual([['close 4403 revoked'], ['close 4403 revoked']]);
    expect([laptop, linking].map(({ said }) => said)).toEqual([[], []]);
    expect(sockets.size).toBe(2);
  });

  it('tells every client when to return, cuts who does not go, and ends when all are gone', async () => {
    const [good, stuck] = [add(), add()];
    stuck.mute = true;
    random = 0.35;
    let stopped = false;
    const stopping = sockets.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(good.said).toEqual(['close 4000 restarting 3500']);
    expect(stopped).toBe(false);
    jest.advanceTimersByTime(2_000);
    await stopping;
    expect(stuck.said).toEqual(['close 4000 restarting 3500', 'cut']);
    expect(sockets.size).toBe(0);
    pass(LIMITS.heartbeat);
    expect(good.said).toHaveLength(1);
  });

  it('sends many away over twenty seconds, none later, and who comes in meanwhile at once', async () => {
    const peers = Array.from({ length: 4_000 }, () => add());
    const open = (): number => peers.filter(({ readyState }) => readyState === STATES.OPEN).length;
    let stopped = false;
    const stopping = sockets.stop().then(() => (stopped = true));
    expect(open()).toBe(3_900);
    const late = add();
    expect(late.said).toEqual(['close 4000 restarting 0']);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(open()).toBe(1_900);
    expect(stopped).toBe(false);
    await jest.advanceTimersByTimeAsync(9_500);
    expect(open()).toBe(0);
    await stopping;
  });

  it('sends all away at once when the database is another one, and stays open', () => {
    const peers = [add(), add()];
    sockets.closeAll();
    expect(peers.map(({ said }) => said)).toEqual([['close 4000 restarting 0'], ['close 4000 restarting 0']]);
    expect(add().said).toEqual([]);
  });
});
