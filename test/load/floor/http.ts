import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FloorStore } from './store.js';

/**
 * The floor of the two requests that are counted: the signatures that a grant cannot do without (two checked, one made) and one durable
 * statement; for a bundle one durable statement. Nothing is looked up, limited or refused.
 */
export function bareHttp(store: FloorStore): RequestListener {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  const message = Buffer.alloc(300, 1);
  const signature = sign(null, message, privateKey);
  return (request, response) => {
    void handle(request, response).catch(() => {
      response.destroy();
    });
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, what, device] = (request.url ?? '').split('/');
    for await (const _ of request);
    if (what === 'grant') {
      verify(null, message, key, signature);
      verify(null, message, key, signature);
      await store.count(Number(device));
      response.end(JSON.stringify({ token: sign(null, message, privateKey).toString('base64url') }));
    } else {
      response.end((await store.takeKey(Number(device))) ?? Buffer.alloc(1_800));
    }
  }
}
