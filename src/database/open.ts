import type pg from 'pg';
import type { Logger } from 'pino';
import { PrismaClient } from '../generated/prisma/client.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { createAdapter, createPool, type Target } from './pool.ts';
import { createTransactionContext, type TransactionContext } from './transaction-context.ts';

export type Database = {
  prisma: PrismaClient;
  pool: pg.Pool;
  embedded: boolean;
  /** Which transaction the running code is in; `createTransactions` takes it. */
  context: TransactionContext;
  /** Applies pending migrations; returns how many. */
  migrate(): Promise<number>;
  /** Writes a dump that `restore.tar.gz` takes; only the embedded database has one, a server has pg_dump. */
  dump?(file: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the school's database: the PostgreSQL server of `databaseUrl`, or else the embedded one in `dataDir` (in
 * memory without it, from the dump `loadFrom` if given). Migrates nothing by itself.
 * @throws FolderInUse when another process has `dataDir`
 */
export async function openDatabase(options: {
  databaseUrl?: string;
  dataDir?: string;
  loadFrom?: string;
  /** The folder of the migrations, where it is not the project's own. */
  migrations?: string;
  log: Logger;
  /** When the embedded database breaks while in use; only a new start helps. */
  onFailure?: (error: Error) => void;
}): Promise<Database> {
  const { databaseUrl, log, migrations } = options;
  if (databaseUrl) return connect({ target: databaseUrl, log, migrations });
  const { connection, close, dump } = await startEmbedded(options);
  return { ...(await connect({ target: connection, log, migrations, stop: close })), dump };
}

async function connect(options: {
  target: Target;
  log: Logger;
  migrations?: string | undefined;
  stop?: () => Promise<void>;
}): Promise<Database> {
  const { target, log, migrations: folder, stop } = options;
  const embedded = stop !== undefined;
  const context = createTransactionContext();
  const pool = createPool({ target, log, context });
  const prisma = new PrismaClient({ adapter: createAdapter(pool, embedded) });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
    await stop?.();
  };
  try {
    await refuseOtherEncodings(pool);
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | null = null;
  return {
    prisma,
    pool,
    embedded,
    context,
    migrate: () => migrate({ pool, target, log, folder }),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** A database in SQL_ASCII or Latin-1 would take Chinese text apart. */
async function refuseOtherEncodings(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`);
  const encoding = rows[0]?.encoding;
  if (encoding !== 'UTF8') throw new Error(`the database is encoded in ${encoding}; Xiaoxin needs one in UTF8`);
}
