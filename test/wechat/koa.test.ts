import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallbackRequest } from '../../src/wechat/callback.ts';
import { wechatCallbackRoute } from '../../src/wechat/koa.ts';

let server: Server;
let base: string;
let seen: CallbackRequest[];

beforeEach(async () => {
  seen = [];
  const app = new Koa();
  app.silent = true;
  app.use(
    wechatCallbackRoute(async (request) => {
      seen.push(request);
      return { status: 200, type: 'application/xml', body: '<xml/>' };
    }),
  );
  app.use((ctx) => {
    ctx.body = 'another page';
  });
  server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('wechatCallbackRoute', () => {
  it('a push, hands over method, query and the bytes as they came', async () => {
    const body = Buffer.from('<xml>好\r\n</xml>');
    const response = await fetch(`${base}/wechat/callback?nonce=a%2Bb&nonce=c&timestamp=1`, { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/xml');
    expect(await response.text()).toBe('<xml/>');
    expect(seen).toMatchObject([{ method: 'POST', query: { nonce: ['a+b', 'c'], timestamp: '1' }, rawBody: body }]);
  });

  it('with a slash at its end, is the same address', async () => {
    expect((await fetch(`${base}/wechat/callback/?timestamp=1`, { method: 'POST', body: '<xml/>' })).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it('another path, goes on to the next', async () => {
    expect(await (await fetch(`${base}/wechat/oauth`)).text()).toBe('another page');
    expect(seen).toEqual([]);
  });

  it('a body of exactly 64 KiB, is taken', async () => {
    expect((await fetch(`${base}/wechat/callback`, { method: 'POST', body: 'x'.repeat(65536) })).status).toBe(200);
  });

  it('a longer body, is drained, answered 413 and never handed over', async () => {
    expect((await fetch(`${base}/wechat/callback`, { method: 'POST', body: 'x'.repeat(65537) })).status).toBe(413);
    expect((await fetch(`${base}/wechat/callback`, { method: 'POST', body: Buffer.alloc(8 << 20) })).status).toBe(413);
    expect(seen).toEqual([]);
  });
});
