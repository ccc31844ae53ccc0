import type { Provider } from '@nestjs/common';
import { Db } from '../platform/postgres.js';
import { Prekeys } from './prekeys.js';

export const keysProviders: Provider[] = [{ provide: Prekeys, useFactory: (db: Db) => new Prekeys(db), inject: [Db] }];
