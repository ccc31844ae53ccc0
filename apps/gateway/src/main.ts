import 'reflect-metadata';
import { Control } from '../../../libs/auth/control.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { coreProviders } from '../../../libs/serving/core.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { refuseOpenDoor } from '../../../libs/serving/open-door.js';
import { nodeProviders } from '../../../libs/serving/node.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { gatewayConfig } from './config.js';
import { gatewayProviders, openFrames, startGateway } from './gateway.module.js';

await main(async () => {
  const config = gatewayConfig();
  await runProcess('gateway', config, async (opened) => {
    const providers = [...coreProviders(opened, config), ...nodeProviders(config), ...gatewayProviders(config)];
    const { app } = await createHttpApp(
      { controllers: [], providers },
      { ...opened, ...config, beforeInit: openFrames },
    );
    await refuseOpenDoor(config, app.get(Tenants));
    // A wrong master key is noticed now, not at the first token.
    await app.get(SigningKeys).current();
    await app.get(Control).start();
    const gateway = await startGateway(app);
    await app.listen(config.port, config.host);
    opened.log.info({ url: await app.getUrl() }, 'serving');
    return {
      stop: async () => {
        opened.health.beginShutdown();
        await gateway.stop();
        await app.close();
        await app.get(Control).stop();
      },
    };
  });
});
