import type { Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Control } from '../../../libs/auth/control.js';
import { Gate } from '../../../libs/auth/gate.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { PendingDevices } from '../../../libs/devices/pending.js';
import { Prekeys } from '../../../libs/keys/prekeys.js';
import { Guards } from '../../../libs/mailbox/guards.js';
import { Drain } from '../../../libs/messaging/drain.js';
import { Node } from '../../../libs/messaging/node.js';
import { Sender } from '../../../libs/messaging/send.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Ids } from '../../../libs/platform/ids.js';
import { Installation } from '../../../libs/platform/installation.js';
import type { Logger } from '../../../libs/platform/log.js';
import { CLOCK, IDS, LOG } from '../../../libs/platform/platform.module.js';
import { Db } from '../../../libs/platform/postgres.js';
import { LinkingSessions } from '../../../libs/realtime/linking-session.js';
import { Proxies } from '../../../libs/serving/network.js';
import { Admissions } from './admission.js';
import type { ConnectionParts } from './connection.js';
import { FrameAdapter } from './frame.adapter.js';
import { CONNECTION_PARTS, Gateway } from './gateway.js';
import type { LinkConnectionParts } from './link-connection.js';
import { Sockets } from './sockets.js';

const sockets: Provider = {
  provide: Sockets,
  useFactory: (clock: Clock, ids: Ids) => new Sockets(clock, () => ids.bytes(4).readUInt32BE() / 2 ** 32),
  inject: [CLOCK, IDS],
};

const connectionParts: Provider = {
  provide: CONNECTION_PARTS,
  useFactory: (
    db: Db,
    sender: Sender,
    drain: Drain,
    prekeys: Prekeys,
    guards: Guards,
    sessions: LinkingSessions,
    pending: PendingDevices,
    gate: Gate,
    clock: Clock,
    installation: Installation,
    log: Logger,
  ): ConnectionParts & LinkConnectionParts => ({
    db,
    sender,
    drain,
    prekeys,
    guards,
    sessions,
    pending,
    gate,
    // It may change while the process runs.
    get incarnation() {
      return installation.incarnation;
    },
    clock,
    log,
  }),
  inject: [Db, Sender, Drain, Prekeys, Guards, LinkingSessions, PendingDevices, Gate, CLOCK, Installation, LOG],
};

export function gatewayProviders(config: {
  readonly gatewayUrl: string;
  readonly trustedProxies: readonly string[];
}): Provider[] {
  const admissions: Provider = {
    provide: Admissions,
    useFactory: (db: Db, tokens: Tokens, control: Control, guards: Guards, gate: Gate) => {
      const proxies = new Proxies(config.trustedProxies);
      return new Admissions(db, { tokens, control, guards, gate, proxies, publicUrl: config.gatewayUrl });
    },
    inject: [Db, Tokens, Control, Guards, Gate],
  };
  return [Gateway, admissions, sockets, connectionParts];
}

/** Puts the frame adapter on the HTTP server; before the app is initialised. */
export function openFrames(app: NestFastifyApplication): void {
  const admissions = app.get(Admissions);
  app.useWebSocketAdapter(
    new FrameAdapter(app, app.getHttpServer(), async (path, request) => admissions.admit(path, request)),
  );
}

/** Joins as a node and takes connections; answers how to leave: no new ones, the present ones told when to return, then the node itself. */
export async function startGateway(app: NestFastifyApplication): Promise<{ stop(): Promise<void> }> {
  const [node, sockets, control, admissions] = [app.get(Node), app.get(Sockets), app.get(Control), app.get(Admissions)];
  await node.start();
  control.onRevoked((deviceIds) => {
    sockets.closeDevices(deviceIds, 'revoked');
  });
  control.onSuspended((deviceIds) => {
    sockets.closeDevices(deviceIds, 'suspended');
  });
  const installation = app.get(Installation);
  installation.onChanged(() => {
    // What they were told of sequences and lists holds no longer; with the next `ready` they begin anew.
    sockets.closeAll();
  });
  sockets.start();
  return {
    stop: async () => {
      admissions.close();
      await sockets.stop();
      await node.stop();
    },
  };
}
