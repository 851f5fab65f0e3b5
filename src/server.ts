import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What still has to happen before the service may be used, in words for /readyz. */
export type Readiness = { missing: Set<string>; isReady(): boolean };

export type HttpServer = {
  /** The address on this machine: where the sandbox's platform and the callback meet. */
  loopbackUrl: string;
  port: number;
  /** From now on requests go here; until then only /healthz and /readyz are answered. */
  serve(listener: RequestListener): void;
  /** Takes no new connection, lets requests end for a while, then cuts what is left. */
  close(graceMs: number): Promise<void>;
};

/** Whoever has not said in this time what they want is not waited for. */
const HEADERS_MS = 30_000;
const STUCK_BODY_MS = 60_000;
/** How often Node looks for late ones. */
const LOOK_MS = 5_000;

/** Nobody can be served at this address; the message names the variable that says so. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const isHost = cause.syscall === 'getaddrinfo' || cause.code === 'EADDRNOTAVAIL';
    super(isHost ? `HOST: ${host} is no address of this machine` : `PORT: ${port} of ${host}: ${cause.message}`, {
      cause,
    });
  }
}

/** Keeps the list of what is missing until the service is ready. */
export function createReadiness(...missing: string[]): Readiness {
  const left = new Set(missing);
  return { missing: left, isReady: () => left.size === 0 };
}

/**
 * Listens at once, before the database is open, so that a load balancer sees a living node that is not ready yet.
 * @param stuckMs how long a body may not move before its connection is ended
 * @throws CannotListen where the address is taken, is not this machine's, or may not be listened on
 */
export async function listen(
  host: string,
  port: number,
  readiness: Readiness,
  stuckMs = STUCK_BODY_MS,
): Promise<HttpServer> {
  let listener: RequestListener = (request, response) => {
    const alive = request.url === '/healthz';
    response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' });
    response.end(JSON.stringify(alive ? { status: 'alive' } : { status: 'starting', missing: [...readiness.missing] }));
  };
  const server = createServer(
    { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_MS },
    (request, response) => {
      endWhenStuck(request, response, stuckMs);
      listener(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new CannotListen(host, port, error)));
    server.listen(port, host, () => resolve());
  });
  const address = server.address() as AddressInfo;
  return {
    loopbackUrl: `http://${loopbackOf(address)}:${address.port}`,
    port: address.port,
    serve: (next) => {
      listener = next;
    },
    close: (graceMs) => drain(server, graceMs),
  };
}

/** Ends a connection whose request body has stopped half-way; a slow one that moves is left alone. */
function endWhenStuck(request: IncomingMessage, response: ServerResponse, stuckMs: number): void {
  if (request.complete) return;
  const { socket } = request;
  const end = () => {
    if (response.headersSent) socket.destroy();
    else socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
  };
  socket.setTimeout(stuckMs);
  // With a listener on the request Node leaves the socket to it.
  request.on('timeout', end);
  const whole = () => {
    socket.setTimeout(0);
    request.off('timeout', end);
  };
  request.once('end', whole).once('close', whole);
}

function loopbackOf({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = sleep(graceMs, undefined, { ref: false }).then(() => server.closeAllConnections());
  await Promise.race([closed, late]);
  await closed;
}
