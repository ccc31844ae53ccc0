import type { Participant } from './participant.js';

/** Everybody whose devices are open in a played conversation. Once it is closed nobody stays: who comes late is closed at once. */
export class Guests {
  private readonly present = new Set<Participant>();
  private closing = false;

  async letIn(guest: Participant): Promise<Participant> {
    this.present.add(guest);
    if (this.closing) await guest.close();
    else await guest.client.connect();
    return guest;
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.present].map((guest) => guest.close()));
  }
}
