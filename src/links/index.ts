export { createLinks, type Links } from './links.ts';
export { createWechatEntry, linkPages } from './pages.ts';
