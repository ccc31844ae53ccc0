import 'reflect-metadata';
import { devicesProviders } from '../../../libs/devices/devices.module.js';
import { authProviders } from '../../../libs/auth/auth.module.js';
import { directoryProviders } from '../../../libs/directory/directory.module.js';
import { keysProviders } from '../../../libs/keys/keys.module.js';
import { mailboxProviders } from '../../../libs/mailbox/mailbox.module.js';
import { platformProviders } from '../../../libs/platform/platform.module.js';
import { realtimeProviders } from '../../../libs/realtime/realtime.module.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { tenancyProviders } from '../../../libs/tenancy/tenancy.module.js';
import { workerConfig } from './config.js';
import { workerProviders } from './worker.module.js';
import { WorkerLoop } from './worker.js';

await main(async () => {
  const config = workerConfig();
  await runProcess('worker', config, async (opened) => {
    const providers = [
      ...platformProviders(opened),
      ...tenancyProviders,
      ...directoryProviders,
      ...authProviders({ issuer: '' }),
      ...mailboxProviders,
      ...keysProviders,
      ...devicesProviders,
      ...realtimeProviders,
      ...workerProviders(config),
    ];
    const { app } = await createHttpApp({ controllers: [], providers }, opened);
    const worker = app.get(WorkerLoop);
    await worker.start();
    await app.listen(config.port, config.host);
    opened.log.info({ url: await app.getUrl() }, 'working');
    return {
      stop: async () => {
        opened.health.beginShutdown();
        await worker.stop();
        await app.close();
      },
    };
  });
});
