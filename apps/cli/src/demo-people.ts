import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TenantId } from '../../../libs/protocol/ids.js';
import { SottoClient } from '../../../libs/sdk/client.js';
import type { Host } from '../../../libs/sdk/host.js';
import { AdminRest } from './admin-rest.js';
import type { Guests } from './guests.js';
import type { Home } from './home.js';
import { Participant } from './participant.js';
import { People } from './people.js';

export interface DemoPlace {
  readonly home: Home;
  readonly host: Host;
  readonly server: string;
  readonly tenantId: TenantId;
  readonly guests: Guests;
}

/** The first device by an invitation. */
export async function enrolDemo(
  place: DemoPlace,
  { person, adminToken }: { readonly person: string; readonly adminToken: string },
): Promise<Participant> {
  const { home, host, server, tenantId } = place;
  const admin = new AdminRest({ host, server, token: adminToken });
  const { code } = await admin.createInvitation(tenantId, {});
  const people = new People(home);
  const device = 'phone';
  const folder = people.folderOf(person, { device, demo: true });
  const client = await SottoClient.enrol({ folder, host, custody: { kind: 'demo' }, server, code });
  const { accountId, contactAddress, deviceId } = client.me;
  people.save(person, {
    demo: true,
    server,
    tenantId,
    accountId,
    address: contactAddress,
    devices: { [device]: deviceId },
  });
  return place.guests.letIn(new Participant(person, device, client));
}

/** A further device: the new one shows a link text, the old one says yes. */
export async function linkDemo(
  place: DemoPlace,
  { from, device }: { readonly from: Participant; readonly device: string },
): Promise<Participant> {
  const { home, host, server } = place;
  const link = await SottoClient.openLink({ host, server, platform: 'demo', name: device });
  const approved = from.client.approveLink(link.text, { confirm: ({ name }) => name === device });
  const people = new People(home);
  const folder = people.folderOf(from.person, { device, demo: true });
  const linked = link.account().then(() => SottoClient.finishLink(link, { folder, host, custody: { kind: 'demo' } }));
  const [client] = await Promise.all([linked, approved]);
  people.addDevice(from.person, device, client.me.deviceId);
  return place.guests.letIn(new Participant(from.person, device, client));
}

/** Everybody takes everybody's contact address, so nobody has to believe the server. */
export function introduce(...everybody: readonly Participant[]): void {
  for (const one of everybody) {
    for (const { client } of everybody) {
      if (client.me.accountId !== one.accountId) one.client.addContact(client.me.contactAddress);
    }
  }
}

/** Whatever an interrupted first start left behind. */
export function clearDemoPeople(home: Home): void {
  rmSync(join(home.folder, 'demo'), { recursive: true, force: true });
  const people = new People(home);
  const file = people.read();
  const left = Object.entries(file.people).filter(([, person]) => !person.demo);
  people.write({ people: Object.fromEntries(left), played: false });
}
