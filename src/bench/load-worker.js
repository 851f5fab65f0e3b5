// Sends prepared requests from a thread of its own, so that the load does not share the server's event loop: over a
// few kept connections, each with one request at a time, until all are sent or the time is up.
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ url: string, requests: { path: string, body: string }[], connections: number, seconds: number, warmUp: number }} */
const { url, requests, connections, seconds, warmUp } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const { hostname, port } = new URL(url);

/** @param {{ path: string, body: string }} one @returns {Promise<string>} */
function send({ path, body }) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ hostname, port, path, method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode}`))));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

let next = 0;
let until = Number.POSITIVE_INFINITY;
/** @type {number[]} */
let times = [];
let last = '';

/** @param {number} end */
async function lane(end) {
  while (next < end && performance.now() < until) {
    const one = requests[next++];
    if (!one) return;
    const began = performance.now();
    last = await send(one);
    times.push(performance.now() - began);
  }
}
/** @param {number} end */
const run = (end) => Promise.all(Array.from({ length: connections }, () => lane(end)));

await run(warmUp);
times = [];
const cpu = process.cpuUsage();
const began = performance.now();
until = began + seconds * 1000;
await run(requests.length);
parentPort?.postMessage({ times, seconds: (performance.now() - began) / 1000, cpu: process.cpuUsage(cpu), last });
agent.destroy();
