import { request } from 'node:http';

/** What came back from a delivery. */
export type Delivered = { status: number; type: string; body: string };

const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Delivers one push over HTTP, on a connection of its own that ends with it: a kept one would hold a shutdown.
 * @throws Error when nothing is answered until `signal` ends it
 */
export function postXml(address: string, xml: string, signal: AbortSignal): Promise<Delivered> {
  return new Promise((done, fail) => {
    const body = Buffer.from(xml);
    const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length, connection: 'close' };
    const outgoing = request(address, { method: 'POST', agent: false, headers, signal }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
      });
      answer.on('error', fail);
      answer.on('end', () =>
        done({
          status: answer.statusCode ?? 0,
          type: String(answer.headers['content-type'] ?? ''),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}
