export { createWechatApi, type MediaType, type WechatApi, type WechatApiConfig } from './api.ts';
export {
  type CallbackAnswer,
  type CallbackConfig,
  type CallbackRequest,
  createCallback,
  maskOpenid,
} from './callback.ts';
export { type Next, retryAt, type WechatCode, WechatError } from './errors.ts';
export { wechatCallbackRoute } from './koa.ts';
export { type AccountMenu, buildMenu, type MenuEntry } from './menu.ts';
export type { CustomMessage, TemplateMessage } from './messages.ts';
export { type Article, menuLink, type PassiveReply, plainText, shorten, TEXT_LIMIT, webLink } from './reply.ts';
export { dedupeKey, expectsReply, type Push, type TemplateOutcome } from './schema.ts';
export { jsSdkSignature } from './signature.ts';
