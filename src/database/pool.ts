import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { storageTroubleOf } from '../kernel/storage-trouble.ts';
import { countUnordered } from './count-unordered.ts';
import type { EmbeddedConnection } from './embedded.ts';
import { createStatementNames } from './statement-names.ts';
import { OutsideTransaction, type TransactionContext } from './transaction-context.ts';

/** More than this is slower when many want the same rows. */
const MOST_CONNECTIONS = 10;
const IDLE_MS = 60_000;
/** How long a query waits for a free connection: as long as a transaction does. */
const WAIT_MS = 15_000;

/** A row or table somebody holds for longer than this is not worth waiting for: WeChat waits five seconds in all. */
const LOCK_WAIT_MS = 2_500;

/** Where the connections go: a PostgreSQL server's URL, or the embedded database's socket. */
export type Target = string | EmbeddedConnection;

/**
 * Opens the connections to the database. Each runs in UTC, because Prisma's adapter drops offsets (480 minutes wrong
 * were seen), and without JIT: the planner's estimates let statements of a millisecond be compiled for fifty. One query's
 * SQL error does not cost its connection, which pg.Pool's own `query` throws away. Inside a transaction of `context`
 * everything but that transaction's connection is refused, and nobody waits long for a lock. A reading that found its
 * connection lost is made once more.
 */
export function createPool(options: {
  target: Target;
  log: Logger;
  context?: TransactionContext;
  max?: number;
}): pg.Pool {
  const { target, log, context } = options;
  const pool = new pg.Pool({
    ...(typeof target === 'string' ? { connectionString: target } : target),
    application_name: 'xiaoxin',
    max: options.max ?? MOST_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: WAIT_MS,
    keepAlive: true,
    // Awaited by pg-pool before the connection is given out; its types know only the synchronous kind.
    onConnect: (client) => {
      countUnordered(client);
      const waits = context ? `; SET lock_timeout = ${LOCK_WAIT_MS}` : '';
      return client.query(`SET TIME ZONE 'UTC'; SET jit = off${waits}`) as unknown as undefined;
    },
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));

  const connect = pool.connect.bind(pool);
  const refuseWithin = () => {
    if (context?.isWithin()) throw new OutsideTransaction();
  };
  const query = async (...args: Parameters<pg.PoolClient['query']>) => {
    refuseWithin();
    try {
      return await queryOnce(...args);
    } catch (error) {
      if (!context || !isReading(args[0]) || storageTroubleOf(error) !== 'away') throw error;
      return queryOnce(...args);
    }
  };
  const queryOnce = async (...args: Parameters<pg.PoolClient['query']>) => {
    const client = await connect();
    // A connection lost under way also says so by an event, which without a listener would end the process.
    const ignore = () => undefined;
    client.on('error', ignore);
    let lost: Error | undefined;
    try {
      return await client.query(...args);
    } catch (error) {
      lost = losesConnection(error) ? asError(error) : undefined;
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(lost);
    }
  };
  return Object.assign(pool, {
    query: query as typeof pool.query,
    connect: (async () => {
      refuseWithin();
      return connect();
    }) as typeof pool.connect,
  });
}

/** Prisma's adapter over the pool; statements are named on a server, never on the embedded database's one session. */
export function createAdapter(pool: pg.Pool, embedded: boolean): PrismaPg {
  return new PrismaPg(pool, embedded ? {} : { statementNameGenerator: createStatementNames() });
}

/** A statement that changes nothing: made twice it is as good as once. */
function isReading(statement: unknown): boolean {
  const text = typeof statement === 'string' ? statement : (statement as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' && /^\s*SELECT\b/i.test(text) && !/\bFOR (NO KEY )?(UPDATE|SHARE)\b/i.test(text);
}

/**
 * An error of severity ERROR ends the statement, not the session. A plan that a migration of another node made
 * invalid does stay with the session, so that one goes too.
 */
function losesConnection(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  return error.severity !== 'ERROR' || error.message.includes('cached plan must not change result type');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
