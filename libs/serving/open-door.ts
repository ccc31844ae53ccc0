import { ConfigError } from '../platform/config.js';
import type { Tenants } from '../tenancy/tenants.js';

/** How a server can be reached. */
export interface Door {
  readonly host: string;
  readonly tls: boolean;
  /** Addresses or networks of proxies that end TLS in front of it. */
  readonly trustedProxies: readonly string[];
  readonly demoTenant: boolean;
}

/** Why a server must not listen like this; empty: it may. Each reason says what to do. */
export function faultsOfDoor(door: Door): readonly string[] {
  if (isLoopback(door.host)) return [];
  const faults: string[] = [];
  if (!door.tls && door.trustedProxies.length === 0) {
    faults.push(
      `SOTTO_HOST=${door.host} is reachable from other machines, and tokens would travel in clear: ` +
        'set SOTTO_TLS_CERT_FILE and SOTTO_TLS_KEY_FILE, or SOTTO_TRUSTED_PROXIES to the proxy that ends TLS, or bind to 127.0.0.1',
    );
  }
  if (door.demoTenant) {
    faults.push(
      `SOTTO_HOST=${door.host} is reachable from other machines, and this installation has the demo tenant, whose keys lie in the open: ` +
        'use another database, or bind to 127.0.0.1',
    );
  }
  return faults;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Throws ConfigError when the server would be reachable in a way it must not be; before `listen`. */
export async function refuseOpenDoor(
  config: { readonly host: string; readonly tls: object | undefined; readonly trustedProxies: readonly string[] },
  tenants: Tenants,
): Promise<void> {
  const demoTenant = (await tenants.demo()) !== undefined;
  const faults = faultsOfDoor({
    host: config.host,
    tls: config.tls !== undefined,
    trustedProxies: config.trustedProxies,
    demoTenant,
  });
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
}
