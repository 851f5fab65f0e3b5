import type { Config } from '../config.ts';
import type { SandboxAccount } from '../sandbox/index.ts';
import type { CallbackConfig, WechatApiConfig } from '../wechat/index.ts';

/** Where the sandbox's platform answers; known once the service listens. */
export type Addresses = { platformUrl: string };

/** The Official Account as our API client needs it: the configured one, or the sandbox's. */
export function apiConfig({ wechat }: Config, sandbox: SandboxAccount | null, addresses: Addresses): WechatApiConfig {
  if (wechat) {
    const { appId, secret, apiBase, openBase, mpBase } = wechat;
    return { appId, secret, apiBase, openBase, mpBase };
  }
  const { appId, appSecret: secret } = sandbox as SandboxAccount;
  const base = () => addresses.platformUrl;
  return {
    appId,
    secret,
    get apiBase() {
      return base();
    },
    get openBase() {
      return base();
    },
    get mpBase() {
      return base();
    },
  };
}

/** The Official Account as our callback needs it. */
export function callbackConfig({ wechat }: Config, sandbox: SandboxAccount | null): CallbackConfig {
  if (!wechat) {
    const { appId, token, aesKey } = sandbox as SandboxAccount;
    return { appId, token, mode: 'safe', aesKey };
  }
  const { appId, token, aesKey, previousAesKey, mode } = wechat;
  return mode === 'plain' || !aesKey ? { appId, token, mode: 'plain' } : { appId, token, mode, aesKey, previousAesKey };
}
