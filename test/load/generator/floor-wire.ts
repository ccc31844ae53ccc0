import { WebSocket } from 'ws';
import { ANSWERS, encodeAck, encodeSend, FLOOR_ID_AT, MAIL } from '../floor/wire.js';
import type { Player } from '../people.js';
import { newContent, stamp, type Ear, type Letter, type Opening, type Wire } from './wire.js';

export class FloorWire implements Wire {
  async prepare(): Promise<void> {
    // Whoever connects is believed.
  }

  async open({ player, gateway, ear, hoards = false }: Opening): Promise<WebSocket> {
    const socket = new WebSocket(`${gateway}/${String(player.no)}`, { perMessageDeflate: false });
    // Before it is open: what waited comes along with the answer to the upgrade.
    socket.on('message', (frame: Buffer) => {
      if (frame[0] === ANSWERS) hearAnswers(frame, ear);
      else if (frame[0] === MAIL) {
        const last = hearMail(frame, ear);
        if (!hoards) socket.send(encodeAck(last));
      }
    });
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.on('error', () => undefined);
    return socket;
  }

  letter(_sender: Player, to: readonly Player[], own: readonly Player[]): Letter {
    const items = [...to, ...own].map(({ no }) => ({ mailbox: no, content: newContent() }));
    const { frame, contentsAt } = encodeSend(items);
    return {
      envelopes: items.length,
      stamped: (id, now) => {
        frame.writeUInt32BE(id, FLOOR_ID_AT);
        for (const at of contentsAt) stamp(frame, at, now);
        return frame;
      },
    };
  }
}

function hearAnswers(frame: Buffer, ear: Ear): void {
  for (let at = 1; at < frame.length; at += 4) ear.answered(frame.readUInt32BE(at));
}

function hearMail(frame: Buffer, ear: Ear): number {
  const contents: Buffer[] = [];
  for (let at = 5; at < frame.length;) {
    const length = frame.readUInt16BE(at);
    contents.push(frame.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  ear.heard(contents);
  return frame.readUInt32BE(1) + contents.length - 1;
}
