// Loaded before a program that tests start: ends it at once when the test's process is gone, however that ended. The
// pipe on its standard input closes then; reading it keeps nothing alive.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
  process.stdin.unref();
}
