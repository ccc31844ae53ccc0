import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantId } from '../../libs/protocol/ids.js';
import { Admin } from './admin.js';
import { Installation, type Kind, type Place } from './installation.js';
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

  static async alone(kind: Kind = installationKind(), redisUrl?: string, postgresUrl?: string): Promise<World> {
    const installation = await Installation.start(kind, redisUrl, postgresUrl);
    return World.on(installation.place, installation);
  }

  private static async on(place: Place, installation: Installation | undefined): Promise<World> {
    const admin = new Admin(place.api, place.adminToken);
    const { tenantId } = await admin.post<{ tenantId: TenantId }>('/v1/admin/tenants', { name: 'story' });
    // Raw devices speak without proofs; people's devices bind their tokens all the same.
    await admin.put(`/v1/admin/tenants/${tenantId}/policy`, { tokens: 'bearer' });
    return new World(place, admin, tenantId, installation);
  }

  /** The processes of a world of its own. */
  get processes(): Installation {
    if (this.installation === undefined) throw new Error('this world shares its installation: World.alone()');
    return this.installation;
  }

  /** Enrols with the first device. */
  async person(name: string): Promise<Person> {
    const person = await Person.enrol(this, { name, folder: join(this.folder, `${name} ${this.people.length}`) });
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
    await this.installation?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Which installation this run is about. */
export function installationKind(): Kind {
  return process.env['SOTTO_INSTALLATION'] === 'split' ? 'split' : 'embedded';
}
