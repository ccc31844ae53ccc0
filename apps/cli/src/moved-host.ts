import type { Host } from '../../../libs/sdk/host.js';

/**
 * A store remembers the address at which it was enrolled. When the server of this machine has moved to another port since, requests to the
 * old address go to the new one; who the server is (`issuer`) has not changed, and nothing else is touched.
 */
export function movedHost(host: Host, moved: { readonly from: string; readonly to: string }): Host {
  if (moved.from === moved.to) return host;
  const sockets = { from: moved.from.replace(/^http/, 'ws'), to: moved.to.replace(/^http/, 'ws') };
  return {
    ...host,
    fetch: (url, request) => host.fetch(redirect(url, moved), request),
    openSocket: (url, options) => host.openSocket(redirect(url, sockets), options),
  };
}

function redirect(url: string, { from, to }: { readonly from: string; readonly to: string }): string {
  return url === from || url.startsWith(`${from}/`) ? to + url.slice(from.length) : url;
}
