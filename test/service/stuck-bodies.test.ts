import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { createReadiness, type HttpServer, listen } from '../../src/server.ts';

const STUCK_MS = 400;
let server: HttpServer;

afterEach(() => server.close(0));

async function start(): Promise<number> {
  server = await listen('127.0.0.1', 0, createReadiness(), STUCK_MS);
  server.serve((request, response) => {
    request.resume().on('end', () => response.end('whole'));
    request.on('error', () => undefined);
  });
  return server.port;
}

function open(port: number) {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  socket.on('error', () => undefined);
  return { socket, said: () => said };
}

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\n\r\n';

describe('a body that comes slowly', () => {
  it('is waited for while it moves', async () => {
    const { socket, said } = open(await start());
    socket.write(HEAD);
    for (const sign of 'slowbody') {
      await sleep(STUCK_MS / 3);
      socket.write(sign);
    }
    await once(socket, 'close');
    expect(said()).toContain('whole');
  });

  it('is not waited for once it stands still: the connection ends, with the reason', async () => {
    const { socket, said } = open(await start());
    const begun = wallNow();
    socket.write(`${HEAD}half`);
    await once(socket, 'close');
    expect(said()).toMatch(/^HTTP\/1\.1 408 /);
    expect(wallNow() - begun).toBeLessThan(STUCK_MS * 5);
  });

  it('that is whole leaves its answer as long as it takes', async () => {
    const port = await start();
    server.serve(
      (request, response) =>
        void request.resume().on('end', () => setTimeout(() => response.end('late'), STUCK_MS * 3)),
    );
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'whole' });
    expect(await answer.text()).toBe('late');
  });
});
