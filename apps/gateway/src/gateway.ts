import type { Duplex } from 'node:stream';
import { Inject } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import type { Network } from '../../../libs/auth/gate.js';
import { Connection, type Admitted, type ConnectionParts } from './connection.js';
import { LinkConnection, type LinkConnectionParts } from './link-connection.js';
import { Sockets } from './sockets.js';

export const CONNECTION_PARTS = Symbol('ConnectionParts');

/** What an upgrade was admitted for: a device's stream, or the linking of a new device. */
export type Door = ({ readonly kind: 'stream' } & Admitted) | { readonly kind: 'link'; readonly from: Network };

/** Hands each socket to the object that owns it; nothing else happens here. */
@WebSocketGateway()
export class Gateway implements OnGatewayConnection {
  constructor(
    private readonly sockets: Sockets,
    @Inject(CONNECTION_PARTS) private readonly parts: ConnectionParts & LinkConnectionParts,
  ) {}

  /** `wire`: what the socket writes to. */
  handleConnection(socket: WebSocket, door: Door, wire: Duplex): void {
    this.sockets.add(socket, door.kind === 'stream' ? door.caller.deviceId : undefined);
    if (door.kind === 'stream') void new Connection({ socket, wire }, door, this.parts).start();
    else new LinkConnection(socket, door.from, this.parts);
  }
}
