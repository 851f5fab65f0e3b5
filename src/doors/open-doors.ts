import { createDispatch } from '../chat/dispatch.ts';
import { createReceipts } from '../chat/receipts.ts';
import type { Registry } from '../chat/registry.ts';
import { createSeal } from '../kernel/seal.ts';
import { createPauses, createTemplateReports, openWindow } from '../notify/index.ts';
import type { Shared } from '../open-shared.ts';
import { createFollowEvents, identify } from '../people/index.ts';
import { createCallback } from '../wechat/index.ts';
import { callbackConfig } from './account.ts';
import { createAccountMenu } from './account-menu.ts';
import { createOfficialAccount } from './official-account.ts';

/** Opens the ways in that are not pages: the platform's callback with its menu, and what every other chat door calls. */
export function openDoors(shared: Shared, registry: Registry) {
  const { config, log, clock, prisma, inTransaction, account, api, outbox, sessionSecret } = shared;
  const receipts = createReceipts(createSeal(sessionSecret));
  const dispatch = createDispatch({ inTransaction, registry, identify, receipts, log });
  const pauses = createPauses({ shared: shared.shared, clock, appId: api.appId });
  const handle = createOfficialAccount({
    dispatch,
    inTransaction,
    receipts,
    events: {
      ...createFollowEvents({ appId: api.appId }),
      templateFinished: createTemplateReports({ outbox, pauses, log }),
    },
    noteContact: (openid, kind, createTime) =>
      openWindow(prisma, { appId: api.appId, openid }, kind, { createTime, now: clock.now() }),
    log,
  });
  return {
    dispatch,
    callback: createCallback({ config: callbackConfig(config, account), clock, log, handle }),
    menu: createAccountMenu({ prisma, api, clock, entries: registry.menu, log, stopping: shared.stopping }),
  };
}
