/**
 * What Node is started with where it serves sockets, the embedded server and a gateway: young space of 32 MiB from the first moment, which V8
 * takes no flag for later. What connecting and sending leave behind dies there, in place of being copied, and growing the space by what
 * each new connection keeps (docs/decisions/0021). The images in deploy/Dockerfile have the same.
 */
const SERVING_SOCKETS = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** Of one of the programs in `apps/`. */
export function nodeFlags(app: string): readonly string[] {
  return app === 'server' || app === 'gateway' ? SERVING_SOCKETS : [];
}
