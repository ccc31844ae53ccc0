import type { Provider } from '@nestjs/common';
import { Db } from '../platform/postgres.js';
import { Audit } from './audit.js';

export const auditProviders: Provider[] = [{ provide: Audit, useFactory: (db: Db) => new Audit(db), inject: [Db] }];
