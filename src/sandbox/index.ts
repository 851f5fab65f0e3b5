export { type SandboxAccount, sandboxAccount } from './account.ts';
export { pretendNow } from './move-clock.ts';
export { sandboxOpenid } from './openid.ts';
export { PLATFORM_PATH } from './platform.ts';
export { createSandbox } from './sandbox.ts';
export { seedSandbox } from './seed.ts';
export { sandboxNoticeTemplates, sandboxTemplates } from './templates.ts';
