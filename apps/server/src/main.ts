import 'reflect-metadata';
import { Control } from '../../../libs/auth/control.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { coreProviders } from '../../../libs/serving/core.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { nodeProviders } from '../../../libs/serving/node.js';
import { refuseOpenDoor } from '../../../libs/serving/open-door.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { apiControllers, apiProviders } from '../../api/src/api.module.js';
import { gatewayProviders, openFrames, startGateway } from '../../gateway/src/gateway.module.js';
import { WorkerLoop } from '../../worker/src/worker.js';
import { workerProviders } from '../../worker/src/worker.module.js';
import { serverConfig } from './config.js';

/** API, gateway and worker in one process on one port: the embedded default, and small installations. */
await main(async () => {
  const config = serverConfig();
  await runProcess('server', config, async (opened) => {
    const providers = [
      ...coreProviders(opened, config),
      ...apiProviders({ ...config, version: opened.version }),
      ...nodeProviders(config),
      ...gatewayProviders(config),
      ...workerProviders(config),
    ];
    const { app } = await createHttpApp(
      { controllers: apiControllers, providers },
      { ...opened, ...config, beforeInit: openFrames },
    );
    await refuseOpenDoor(config, app.get(Tenants));
    // A wrong master key is noticed now, not at the first token.
    await app.get(SigningKeys).current();
    await app.get(Control).start();
    await app.get(WorkerLoop).start();
    const gateway = await startGateway(app);
    await app.listen(config.port, config.host);
    opened.log.info({ url: await app.getUrl() }, 'serving');
    return {
      stop: async () => {
        opened.health.beginShutdown();
        await gateway.stop();
        await app.get(WorkerLoop).stop();
        await app.close();
        await app.get(Control).stop();
      },
    };
  });
});
