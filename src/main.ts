import { existsSync } from 'node:fs';
import pino from 'pino';
import { type Config, ConfigError, readConfig } from './config.ts';
import { DataFolderUnusable, keepToOurselves } from './database/data-folder.ts';
import { FolderInUse, FolderLost } from './database/folder-lock.ts';
import { CannotListen } from './server.ts';
import { startService } from './service.ts';

/** Under the ten seconds a process manager gives: what has not ended by then is cut. */
const STOP_WITHIN_MS = 9_000;

keepToOurselves();
if (existsSync('.env')) process.loadEnvFile('.env');
const config = readOrExit();
const log = pino({ level: config.logLevel, base: undefined }, pino.destination(2));
const service = startService(config, log, fail);

let stopping = false;
let isUp = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    // Cut in the middle of its start it has left nothing undone that anybody was told of.
    setTimeout(() => process.exit(isUp ? 1 : 0), STOP_WITHIN_MS).unref();
    service
      .then(({ stop }) => stop())
      .then(
        () => process.exit(0),
        (error) => fail(error),
      );
  });

service.then(
  ({ welcome }) => {
    isUp = true;
    process.stdout.write(`${welcome}\n`);
  },
  (error) => {
    if (!stopping) fail(error);
  },
);

function readOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

/** Faults an operator can mend are one line; others come whole. */
function fail(error: unknown): never {
  const plain = sayPlainly(error);
  if (plain) process.stderr.write(`${plain}\n`);
  else log.fatal({ err: error }, 'the service could not go on');
  return process.exit(1);
}

function sayPlainly(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { message, syscall, severity } = error as NodeJS.ErrnoException & { severity?: string };
  const worded = [FolderInUse, FolderLost, DataFolderUnusable, CannotListen].some((kind) => error instanceof kind);
  if (worded) return message;
  // Redis is waited for; only the database ends the start when it does not answer or lets nobody in.
  if (syscall === 'connect' || syscall === 'getaddrinfo' || severity === 'FATAL') return `DATABASE_URL: ${message}`;
  return syscall === 'mkdir' || syscall === 'open' ? `DATA_DIR: ${message}` : null;
}
