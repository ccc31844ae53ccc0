import { nodeHost, type Host } from '../../libs/sdk/host.js';
import type { Place } from './installation.js';

/** A device's world: its sockets go to the gateway with this index, counted round. */
export function hostFor(place: Place, index: number): Host {
  const gateway = place.gateways[index % place.gateways.length] ?? place.api;
  return {
    ...nodeHost,
    openSocket: async (url, options) => nodeHost.openSocket(gateway + new URL(url).pathname, options),
    warn: () => undefined,
  };
}
