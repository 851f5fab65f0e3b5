export { type SandboxAccount, sandboxAccount } from './account.ts';
export { pretendNow } from './move-clock.ts';
export { sandboxOpenid } from './openid.ts';
export { PLATFORM_PATH } from './platform.ts';
export { createSandbox, type Sandbox, type SandboxDeps } from './sandbox.ts';
export { BOUND_AT_START, type PhoneOwner, seedSandbox } from './seed.ts';
export { type SandboxTemplate, sandboxNoticeTemplates, sandboxTemplates } from './templates.ts';
