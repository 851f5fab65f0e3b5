import type { Logger } from 'pino';
import * as answers from './answers.ts';
import type { Call, createCaller } from './caller.ts';
import { nextForToken, WechatError } from './errors.ts';
import { createSharedSecret, type TokenState } from './token.ts';

type Parts = {
  config: { appId: string; secret: string };
  call: ReturnType<typeof createCaller>;
  state: TokenState;
  log: Logger;
  wallNow: () => number;
  sleep: (ms: number) => Promise<void>;
};

/** Calls in the account's name: with the access token that all nodes share, renewed when it runs out or is refused. */
export function createAuthorizedCall({ config: { appId, secret }, call, state, log, wallNow, sleep }: Parts) {
  const token = createSharedSecret({ state, key: `wechat:token:${appId}`, fetchFresh: fetchToken, wallNow, sleep });
  return { accessToken: () => token.get(), authorized };

  /** Calls with the shared token. A refused one is forgotten, fetched anew and tried once more; then it is an alarm. */
  async function authorized<T>(request: Call<T>): Promise<T> {
    const first = await token.get();
    try {
      return await callWith(first, request);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
    }
    await token.reject(first);
    try {
      return await callWith(await token.get(), request);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      const { code, errmsg, rid, path } = error;
      log.error({ path, code, rid }, 'wechat refuses a fresh token too');
      throw new WechatError(code, errmsg, rid, { do: 'alarm', why: 'tokenRefused' }, path);
    }
  }

  function callWith<T>(accessToken: string, request: Call<T>): Promise<T> {
    return call({ ...request, query: { access_token: accessToken, ...request.query } });
  }

  // stable_token, never /token: that one makes a new token each time, and two nodes would disturb each other.
  async function fetchToken() {
    const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false };
    try {
      return await call({
        method: 'POST',
        path: '/cgi-bin/stable_token',
        body,
        repeat: 'always',
        answer: answers.Token,
      });
    } catch (error) {
      if (!(error instanceof WechatError) || typeof error.code !== 'number') throw error;
      throw new WechatError(error.code, error.errmsg, error.rid, nextForToken(error.code), error.path);
    }
  }
}

function isTokenRefused(error: unknown): error is WechatError {
  return error instanceof WechatError && error.next.do === 'refreshToken';
}
