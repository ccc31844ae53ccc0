import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantId } from '../../libs/protocol/ids.js';
import { Admin } from './admin.js';
import { Evil } from './evil.js';
import { Installation, type Kind, type Own, type Place } from './installation.js';
import { Line } from './line.js';
import { Person } from './person.js';
import { RawPerson } from './raw-person.js';

/**
 * A tenant of its own on a running installation, and the people in it. `World.create()` joins the installation of the whole run;
 * `World.alone()` starts one for a story that kills something.
 */
export class World {
  private readonly lines: Line[] = [];
  private readonly people: { close(): Promise<void> }[] = [];
  private readonly evils: Evil[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'sotto-people-'));

  private constructor(
    readonly place: Place,
    readonly admin: Admin,
    readonly tenantId: TenantId,
    private readonly installation: Installation | undefined,
  ) {}

  static async create(): Promise<World> {
    const shared = process.env['SOTTO_WORLD'];
    if (shared === undefined) throw new Error('SOTTO_WORLD is not set; run the stories with `npm test`');
    return World.on(JSON.parse(shared) as Place, undefined);
  }

  static async alone(kind: Kind = installationKind(), own: Own = {}): Promise<World> {
    const installation = await Installation.start(kind, own);
    return World.on(installation.place, installation);
  }

  private static async on(place: Place, installation: Installation | undefined): Promise<World> {
    const admin = new Admin(place.api, place.adminToken);
    const { tenantId } = await admin.post<{ tenantId: TenantId }>('/v1/admin/tenants', { name: 'story' });
    return new World(place, admin, tenantId, installation);
  }

  /** Replaces the policy. */
  async policy(more: object): Promise<void> {
    await this.admin.put(`/v1/admin/tenants/${this.tenantId}/policy`, more);
  }

  /** For a story that writes more than people do: limits that it does not reach. */
  async loosen(): Promise<void> {
    const [messagesPerMinute, pairBurst, pairPerSecond] = [100_000, 100_000, 1_000];
    await this.policy({
      messagesPerMinute,
      pairBurst,
      pairPerSecond,
      requestsPerMinute: 100_000,
      grantsPerMinute: 100_000,
    });
  }

  /** The processes of a world of its own. */
  get processes(): Installation {
    if (this.installation === undefined) throw new Error('this world shares its installation: World.alone()');
    return this.installation;
  }

  /** A server that lies, before the real one. */
  async evilServer(): Promise<Evil> {
    const evil = await Evil.start(this.place);
    this.evils.push(evil);
    return evil;
  }

  /** Enrols with the first device. `through`: all of the person's devices talk to this server and take it for the real one. */
  async person(name: string, { through }: { readonly through?: Evil } = {}): Promise<Person> {
    const person = await Person.enrol(this, {
      name,
      folder: join(this.folder, `${name} ${this.people.length}`),
      ...(through === undefined ? {} : { host: (index: number) => through.host(index) }),
    });
    this.people.push(person);
    return person;
  }

  /** Enrols one whose devices keep no ratchet and do only what they are told. */
  async rawPerson(name: string, keys?: number): Promise<RawPerson> {
    const person = await RawPerson.enrol(this, name, keys);
    this.people.push(person);
    return person;
  }

  /** The socket of a device that wants to be linked, on the gateway with this index, counted round. */
  async provision(gateway = 0): Promise<Line> {
    const { gateways } = this.place;
    const line = await Line.open(`${gateways[gateway % gateways.length] ?? ''}/v1/link`);
    this.lines.push(line);
    return line;
  }

  /** Another tenant on the same installation. */
  async neighbour(): Promise<World> {
    return World.on(this.place, undefined);
  }

  async invitation(more: object = {}): Promise<string> {
    return (await this.admin.post<{ code: string }>(`/v1/admin/tenants/${this.tenantId}/invitations`, more)).code;
  }

  /** Closes every device; what still is open fails the test run as a leak. */
  async close(): Promise<void> {
    await Promise.all(this.people.map(async (person) => person.close()));
    await Promise.all(this.lines.filter((line) => line.isOpen).map(async (line) => line.close()));
    await Promise.all(this.evils.map(async (evil) => evil.close()));
    await this.installation?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Which installation this run is about. */
export function installationKind(): Kind {
  return process.env['SOTTO_INSTALLATION'] === 'split' ? 'split' : 'embedded';
}
