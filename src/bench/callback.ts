import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import Koa from 'koa';
import { readConfig } from '../config.ts';
import { wallNow } from '../kernel/clock.ts';
import type { SandboxAccount } from '../sandbox/index.ts';
import { startService } from '../service.ts';
import { decryptMessage, encryptMessage } from '../wechat/crypto.ts';
import { signatureOf } from '../wechat/signature.ts';
import { readXml, writeXml } from '../wechat/xml.ts';
import { type Benchmark, type Measured, summarize } from './benchmark.ts';
import { benchLog } from './schools.ts';

const MOST = 2_000;
const SECONDS = 8;
const CONNECTIONS = 8;
/** How many of their own customers the consultants write to. */
const NUMBERS = 4;

type Push = { path: string; body: string };

/** Signed, sealed pushes of a command that writes, through the running service; against a Koa that only echoes them. */
export const callback: Benchmark = {
  name: 'callback',
  title: 'the callback in safe mode with 「跟进 N 内容」 (receipt, note, dates, undo code), against a bare Koa echo',
  run: async ({ env, withParts }) => {
    const { account, openids } = await withParts(async (parts) => ({
      account: parts.account as SandboxAccount,
      openids: (await parts.database.prisma.person.findMany({ where: { openid: { not: null } } })).flatMap(
        ({ openid }) => openid ?? [],
      ),
    }));
    const pushes = Array.from({ length: MOST }, (_, n) => {
      const number = 1 + (Math.floor(n / openids.length) % NUMBERS);
      return sealed(account, openids[n % openids.length] ?? '', `跟进 ${number} 第 ${n} 次联系`);
    });
    const echo = await withEcho((url) => load(url, pushes, 1));
    const service = await startService(readConfig(env), benchLog);
    const callback = await load(
      service.url,
      openids.map((openid) => sealed(account, openid, '我的客户')),
      0,
    )
      .then(() => load(service.url, pushes, SECONDS))
      .finally(() => service.stop());
    demandWritten(callback.last, account);
    const comparedTo = { what: 'bare Koa echo', ...echo };
    return [comparedTo, { what: 'callback, safe mode, writing', ...callback, comparedTo }];
  },
};

function sealed({ token, aesKey, appId, ghId }: SandboxAccount, openid: string, content: string): Push {
  const timestamp = String(Math.floor(wallNow() / 1000));
  const nonce = String(performance.now());
  const fields = { ToUserName: ghId, FromUserName: openid, CreateTime: timestamp, MsgType: 'text', Content: content };
  const msgId = String(process.hrtime.bigint());
  const encrypted = encryptMessage(aesKey, appId, writeXml({ ...fields, MsgId: msgId }));
  const query = new URLSearchParams({
    ...{ timestamp, nonce, encrypt_type: 'aes', signature: signatureOf(token, timestamp, nonce) },
    msg_signature: signatureOf(token, timestamp, nonce, encrypted),
  });
  return { path: `/wechat/callback?${query}`, body: writeXml({ ToUserName: ghId, Encrypt: encrypted }) };
}

/** Sends them from another thread; `seconds` 0 means each once. */
async function load(url: string, requests: readonly Push[], seconds: number): Promise<Measured & { last: string }> {
  const worker = new Worker(new URL('./load-worker.js', import.meta.url), {
    workerData: {
      ...{ url, requests, connections: CONNECTIONS, seconds: seconds || 60 },
      warmUp: seconds ? Math.floor(requests.length / 10) : 0,
    },
  });
  const done = new Promise<{ times: number[]; seconds: number; cpu: NodeJS.CpuUsage; last: string }>(
    (resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    },
  );
  const { times, last, ...took } = await done.finally(() => worker.terminate());
  return { ...summarize(times, took.seconds, took.cpu), last };
}

async function withEcho<T>(work: (url: string) => Promise<T>): Promise<T> {
  const app = new Koa();
  app.use(async (ctx) => {
    ctx.body = await text(ctx.req);
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** The figures are worth something only where the command did its work. */
function demandWritten(answer: string, { aesKey, appId }: SandboxAccount): void {
  const { Encrypt } = readXml(answer) as { Encrypt: string };
  const { message } = decryptMessage([aesKey], appId, Encrypt);
  if (!message.includes('已记下')) throw new Error(`the command was not done: ${message}`);
}
