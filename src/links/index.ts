export { clearOauthStates } from './jobs.ts';
export { createLinks, type Links } from './links.ts';
export { createWechatEntry, linkPages } from './pages.ts';
