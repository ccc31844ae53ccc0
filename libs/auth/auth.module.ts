import type { Provider } from '@nestjs/common';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { Limiter } from '../platform/limiter.js';
import type { Logger } from '../platform/log.js';
import { Installation } from '../platform/installation.js';
import { CLOCK, IDS, LOG } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { MasterKey } from '../platform/secrets.js';
import { Control } from './control.js';
import { Credentials } from './credentials.js';
import { Gate } from './gate.js';
import { ServiceTokens } from './service-tokens.js';
import { SigningKeys } from './signing-keys.js';
import { Tenants } from '../tenancy/tenants.js';
import { SeenProofs } from './seen-proofs.js';
import { Tokens } from './tokens.js';

/** `issuer`: the public URL of the API, `aud` of assertions and `iss` of access tokens. `failedAuthPerMinute`: where the tenant is not known. */
export function authProviders({
  issuer,
  failedAuthPerMinute,
}: {
  readonly issuer: string;
  readonly failedAuthPerMinute: number;
}): Provider[] {
  return [
    {
      provide: Gate,
      useFactory: (limiter: Limiter, tenants: Tenants) => new Gate(limiter, tenants, { failedAuthPerMinute }),
      inject: [Limiter, Tenants],
    },
    { provide: Credentials, useFactory: (db: Db) => new Credentials(db), inject: [Db] },
    {
      provide: SigningKeys,
      useFactory: (db: Db, masterKey: MasterKey, clock: Clock, ids: Ids, installation: Installation) => {
        const keys = new SigningKeys(db, { masterKey, clock, ids });
        installation.onChanged(() => {
          keys.beginAnew();
        });
        return keys;
      },
      inject: [Db, MasterKey, CLOCK, IDS, Installation],
    },
    {
      provide: Tokens,
      useFactory: (
        credentials: Credentials,
        keys: SigningKeys,
        clock: Clock,
        tenants: Tenants,
        installation: Installation,
      ) => new Tokens({ credentials, keys, clock, issuer, tenants, seen: new SeenProofs(clock), installation }),
      inject: [Credentials, SigningKeys, CLOCK, Tenants, Installation],
    },
    {
      provide: ServiceTokens,
      useFactory: (db: Db, clock: Clock, ids: Ids) => new ServiceTokens(db, clock, ids),
      inject: [Db, CLOCK, IDS],
    },
    {
      provide: Control,
      useFactory: (db: Db, clock: Clock, log: Logger, installation: Installation) => {
        const control = new Control(db, { clock, log });
        installation.onChanged(() => {
          control.beginAnew();
        });
        return control;
      },
      inject: [Db, CLOCK, LOG, Installation],
    },
  ];
}
