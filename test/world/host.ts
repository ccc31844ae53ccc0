import { nodeHost, type Host } from '../../libs/sdk/host.js';
import type { Place } from './installation.js';

/** A device's world, whose clock can be wrong. */
export interface WorldHost extends Host {
  /** Milliseconds by which its clock is ahead. */
  ahead: number;
}

/** Its sockets go to the gateway with this index, counted round. */
export function hostFor(place: Place, index: number): WorldHost {
  const gateway = place.gateways[index % place.gateways.length] ?? place.api;
  const host: WorldHost = {
    ...nodeHost,
    ahead: 0,
    now: () => nodeHost.now() + host.ahead,
    openSocket: async (url, options) => nodeHost.openSocket(gateway + new URL(url).pathname, options),
    warn: () => undefined,
  };
  return host;
}
