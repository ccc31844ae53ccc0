import 'reflect-metadata';
import { Control } from '../../../libs/auth/control.js';
import { authProviders } from '../../../libs/auth/auth.module.js';
import { devicesProviders } from '../../../libs/devices/devices.module.js';
import { directoryProviders } from '../../../libs/directory/directory.module.js';
import { keysProviders } from '../../../libs/keys/keys.module.js';
import { mailboxProviders } from '../../../libs/mailbox/mailbox.module.js';
import { messagingProviders } from '../../../libs/messaging/messaging.module.js';
import { platformProviders } from '../../../libs/platform/platform.module.js';
import { realtimeProviders } from '../../../libs/realtime/realtime.module.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { main, runProcess } from '../../../libs/serving/process.js';
import { refuseOpenDoor } from '../../../libs/serving/open-door.js';
import { tenancyProviders } from '../../../libs/tenancy/tenancy.module.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { gatewayConfig } from './config.js';
import { gatewayProviders, openFrames, startGateway } from './gateway.module.js';

await main(async () => {
  const config = gatewayConfig();
  await runProcess('gateway', config, async (opened) => {
    const providers = [
      ...platformProviders(opened),
      ...tenancyProviders,
      ...directoryProviders,
      ...authProviders(config),
      ...mailboxProviders,
      ...keysProviders,
      ...devicesProviders,
      ...realtimeProviders,
      ...messagingProviders,
      ...gatewayProviders(config),
    ];
    const { app } = await createHttpApp({ controllers: [], providers }, { ...opened, ...config, beforeInit: openFrames });
    await refuseOpenDoor(config, app.get(Tenants));
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
