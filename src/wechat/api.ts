import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { wallNow as machineNow } from '../kernel/clock.ts';
import * as answers from './answers.ts';
import { createAuthorizedCall } from './authorized-call.ts';
import { createCaller } from './caller.ts';
import { WechatError } from './errors.ts';
import type { AccountMenu } from './menu.ts';
import { type CustomMessage, customBody, type TemplateMessage, templateBody } from './messages.ts';
import { createSharedSecret, type TokenState } from './token.ts';

/** Addresses are read at each call: the sandbox knows its own only once it listens. */
export type WechatApiConfig = { appId: string; secret: string; apiBase: string; openBase: string; mpBase: string };

export type MediaType = 'image' | 'voice' | 'video' | 'thumb';
export type WechatApi = ReturnType<typeof createWechatApi>;

type Parts = {
  config: WechatApiConfig;
  state: TokenState;
  log: Logger;
  wallNow?: () => number;
  sleep?: (ms: number, until?: AbortSignal) => Promise<void>;
  timeoutMs?: number;
  /** Once it is given, failed calls are not repeated. */
  stopping?: AbortSignal;
};

/**
 * The platform's API. Every method throws WechatError, whose `next` says what to do; tokens are shared by all nodes,
 * renewed, and tried anew once when refused.
 */
export function createWechatApi(parts: Parts) {
  const { config, state, log, wallNow = machineNow, sleep = pauseUnless, timeoutMs = 5000, stopping } = parts;
  const { appId, secret } = config;
  const call = createCaller({ base: () => config.apiBase, timeoutMs, sleep, log, wallNow, stopping });

  const { accessToken, authorized } = createAuthorizedCall({ config, call, state, log, wallNow, sleep });
  const ticket = createSharedSecret({
    state,
    key: `wechat:jsapi-ticket:${appId}`,
    fetchFresh: fetchTicket,
    wallNow,
    sleep,
  });

  const identifying = new Map<string, ReturnType<typeof identify>>();

  return {
    /** Whose API this is: openids, templates and the menu belong to one account. */
    appId,
    /** The account's access token, for calls not listed here. */
    accessToken,
    /** The ticket pages are signed with (jsSdkSignature). */
    jsSdkTicket: () => ticket.get(),

    /** A QR code whose scan brings `scene` (1 to 64 characters); it lives `expireSeconds` (≤ 2592000), for ever without. */
    createQrCode: ({ scene, expireSeconds }: { scene: string; expireSeconds?: number }) => {
      if (scene.length < 1 || scene.length > 64) throw new RangeError('a scene has 1 to 64 characters');
      return authorized({
        method: 'POST',
        path: '/cgi-bin/qrcode/create',
        body: {
          expire_seconds: expireSeconds,
          action_name: expireSeconds === undefined ? 'QR_LIMIT_STR_SCENE' : 'QR_STR_SCENE',
          action_info: { scene: { scene_str: scene } },
        },
        repeat: 'always',
        answer: answers.QrCode,
      });
    },
    /** Where the picture of a QR code lies. */
    qrCodeUrl: (qrTicket: string) => `${config.mpBase}/cgi-bin/showqrcode?ticket=${encodeURIComponent(qrTicket)}`,

    /** Hands over a template message. The answer means accepted; what became of it comes as `templateFinished`. */
    sendTemplate: (message: TemplateMessage) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/message/template/send',
        body: templateBody(message),
        repeat: message.clientMsgId ? 'always' : 'never',
        isSend: true,
        answer: answers.Sent,
      }),
    /** The account's templates, with the fields their content names. */
    listTemplates: () =>
      authorized({
        method: 'GET',
        path: '/cgi-bin/template/get_all_private_template',
        repeat: 'always',
        answer: answers.Templates,
      }),
    /** Adds a template of WeChat's library by its number. */
    addTemplate: (template: { shortId: string; keywords: string[] }) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/template/api_add_template',
        body: { template_id_short: template.shortId, keyword_name_list: template.keywords },
        repeat: 'busy', // 25 templates are all an account has
        answer: answers.TemplateAdded,
      }),
    deleteTemplate: (templateId: string) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/template/del_private_template',
        body: { template_id: templateId },
        repeat: 'always',
        answer: answers.Nothing,
      }),

    /** Sends a customer-service message. It has no id, so a send whose answer is lost is not repeated. */
    sendCustom: (openid: string, message: CustomMessage) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/message/custom/send',
        body: { touser: openid, ...customBody(message) },
        repeat: 'busyOnce',
        isSend: true,
        answer: answers.Nothing,
      }),
    /** Shows or hides 「对方正在输入」 for up to 15 seconds. */
    setTyping: (openid: string, isTyping: boolean) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/message/custom/typing',
        body: { touser: openid, command: isTyping ? 'Typing' : 'CancelTyping' },
        repeat: 'never',
        answer: answers.Nothing,
      }),

    /** Whether somebody follows the account, since when and how they came. */
    getUser: (openid: string) =>
      authorized({
        method: 'GET',
        path: '/cgi-bin/user/info',
        query: { openid, lang: 'zh_CN' },
        repeat: 'always',
        answer: answers.User,
      }),
    /** The same for up to 100 people. */
    getUsers: (openids: readonly string[]) => {
      if (openids.length > 100) throw new RangeError('at most 100 people at once');
      return authorized({
        method: 'POST',
        path: '/cgi-bin/user/info/batchget',
        body: { user_list: openids.map((openid) => ({ openid, lang: 'zh_CN' })) },
        repeat: 'always',
        answer: answers.Users,
      });
    },
    /** One page of the followers' openids; `after` is the last page's `next`. */
    listFollowers: (after?: string) =>
      authorized({
        method: 'GET',
        path: '/cgi-bin/user/get',
        query: after ? { next_openid: after } : {},
        repeat: 'always',
        answer: answers.Followers,
      }),

    setMenu: (menu: AccountMenu) =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/menu/create',
        body: menu,
        repeat: 'always',
        answer: answers.Nothing,
      }),
    /** The menu as set, undefined where there is none. */
    getMenu: () =>
      authorized({ method: 'GET', path: '/cgi-bin/menu/get', repeat: 'always', answer: answers.Menu }).catch(
        (error) => {
          if (error instanceof WechatError && error.code === 46003) return undefined;
          throw error;
        },
      ),
    deleteMenu: () =>
      authorized({ method: 'GET', path: '/cgi-bin/menu/delete', repeat: 'always', answer: answers.Nothing }),

    /** Uploads a file; its id holds 3 days. */
    uploadMedia: (file: { type: MediaType; bytes: Uint8Array; filename: string; contentType: string }) => {
      const form = new FormData();
      form.set('media', new Blob([new Uint8Array(file.bytes)], { type: file.contentType }), file.filename);
      return authorized({
        method: 'POST',
        path: '/cgi-bin/media/upload',
        query: { type: file.type },
        form,
        repeat: 'always',
        answer: answers.Media,
      });
    },
    /** A file people sent: its bytes, or for videos where they lie. */
    getMedia: (mediaId: string) =>
      authorized<{ bytes: Buffer; contentType: string } | { url: string }>({
        method: 'GET',
        path: '/cgi-bin/media/get',
        query: { media_id: mediaId },
        repeat: 'always',
        answer: answers.VideoAddress,
        binary: (bytes, contentType) => ({ bytes, contentType }),
      }),

    /** Sets all daily quotas back to zero. WeChat allows it ten times a month: only ever by a person's decision. */
    clearQuota: () =>
      authorized({
        method: 'POST',
        path: '/cgi-bin/clear_quota',
        body: { appid: appId },
        repeat: 'never',
        answer: answers.Nothing,
      }),
    /** The addresses and ranges pushes come from; worth asking daily. */
    callbackIps: () =>
      authorized({ method: 'GET', path: '/cgi-bin/getcallbackip', repeat: 'always', answer: answers.CallbackIps }),

    /** Where a page sends people to learn their openid. `state` is letters and digits, at most 128. */
    authorizeUrl: (page: { redirectUri: string; state: string; scope?: 'snsapi_base' | 'snsapi_userinfo' }) => {
      if (!/^[A-Za-z0-9]{1,128}$/.test(page.state)) throw new RangeError('a state has 1 to 128 letters and digits');
      // WeChat's page refuses another order of the parameters.
      const query = `appid=${appId}&redirect_uri=${encodeURIComponent(page.redirectUri)}&response_type=code`;
      const scope = page.scope ?? 'snsapi_base';
      return `${config.openBase}/connect/oauth2/authorize?${query}&scope=${scope}&state=${page.state}#wechat_redirect`;
    },
    /** Who came back with `code`, which works once: a page asked for twice at a time asks the platform once. */
    identify: (code: string) => {
      const running = identifying.get(code) ?? identify(code).finally(() => identifying.delete(code));
      identifying.set(code, running);
      return running;
    },
  };

  async function identify(code: string) {
    const path = '/sns/oauth2/access_token';
    const query = { appid: appId, secret, code, grant_type: 'authorization_code' };
    const { isSnapshot, ...user } = await call({
      method: 'GET',
      path,
      query,
      repeat: 'always',
      answer: answers.OauthUser,
    });
    // WeChat's page previews bring a made-up user, who must never be bound to anybody.
    if (isSnapshot) throw new WechatError('snapshot', 'fake user', undefined, { do: 'refuseSnapshotUser' }, path);
    return user;
  }

  function fetchTicket() {
    const query = { type: 'jsapi' };
    return authorized({
      method: 'GET',
      path: '/cgi-bin/ticket/getticket',
      query,
      repeat: 'always',
      answer: answers.Ticket,
    });
  }
}

/** Waits so long, or until the signal comes. */
function pauseUnless(ms: number, signal?: AbortSignal): Promise<void> {
  return pause(ms, undefined, { signal }).catch(() => undefined);
}
