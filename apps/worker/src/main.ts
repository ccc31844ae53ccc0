import 'reflect-metadata';
import { coreProviders } from '../../../libs/serving/core.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { workerConfig } from './config.js';
import { workerProviders } from './worker.module.js';
import { WorkerLoop } from './worker.js';

await main(async () => {
  const config = workerConfig();
  await runProcess('worker', config, async (opened) => {
    // Tokens are neither granted nor checked here.
    const providers = [
      ...coreProviders(opened, { issuer: 'none', failedAuthPerMinute: 1 }),
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
