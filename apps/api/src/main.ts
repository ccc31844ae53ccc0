import 'reflect-metadata';
import { Control } from '../../../libs/auth/control.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { Node } from '../../../libs/messaging/node.js';
import { coreProviders } from '../../../libs/serving/core.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { nodeProviders } from '../../../libs/serving/node.js';
import { refuseOpenDoor } from '../../../libs/serving/open-door.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { apiControllers, apiProviders } from './api.module.js';
import { apiConfig } from './config.js';

await main(async () => {
  const config = apiConfig();
  await runProcess('api', config, async (opened) => {
    const providers = [
      ...coreProviders(opened, config),
      ...nodeProviders(config),
      ...apiProviders({ ...config, version: opened.version }),
    ];
    const { app } = await createHttpApp({ controllers: apiControllers, providers }, { ...opened, ...config });
    await refuseOpenDoor(config, app.get(Tenants));
    // A wrong master key is noticed now, not at the first token.
    await app.get(SigningKeys).current();
    await app.get(Control).start();
    const node = app.get(Node);
    await node.start();
    await app.listen(config.port, config.host);
    opened.log.info({ url: await app.getUrl() }, 'serving');
    return {
      stop: async () => {
        opened.health.beginShutdown();
        // Waiting polls are answered; what they read goes on elsewhere.
        await node.stop();
        await app.close();
        await app.get(Control).stop();
      },
    };
  });
});
