export { createWechatApi, type WechatApi, type WechatApiConfig } from './api.ts';
export { type CallbackConfig, type CallbackRequest, createCallback, maskOpenid } from './callback.ts';
export { type Next, retryAt, WechatError } from './errors.ts';
export { wechatCallbackRoute } from './koa.ts';
export { buildMenu, type MenuEntry } from './menu.ts';
export { menuLink, type PassiveReply, plainText, shorten, TEXT_LIMIT, webLink } from './reply.ts';
export { dedupeKey, expectsReply, type Push, type TemplateOutcome } from './schema.ts';
export { jsSdkSignature } from './signature.ts';
