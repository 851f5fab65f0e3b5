import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

/** JSON, or a function that writes the answer itself. */
export type Answer = object | string | ((res: ServerResponse, request: Asked) => void);

/**
 * A real HTTP server in WeChat's place. Each path answers its queue in turn, and its last answer from then on;
 * stable_token gives T1 unless told otherwise.
 */
export async function startPlatform() {
  const asked: Asked[] = [];
  const queues = new Map<string, Answer[]>([['/cgi-bin/stable_token', [{ access_token: 'T1', expires_in: 7200 }]]]);

  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const url = new URL(req.url ?? '', 'http://x');
    const request: Asked = {
      method: req.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: req.headers,
      body: Buffer.concat(chunks),
    };
    asked.push(request);
    const queue = queues.get(url.pathname) ?? [];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? {
      errcode: 404,
      errmsg: `nothing at ${url.pathname}`,
    };
    if (typeof answer === 'function') return answer(res, request);
    res.setHeader('content-type', 'application/json; encoding=utf-8');
    res.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (path: string, ...answers: Answer[]) => queues.set(path, answers),
    to: (path: string) => asked.filter((request) => request.path === path),
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
