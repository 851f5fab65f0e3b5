import type pg from 'pg';
import type { Logger } from 'pino';
import { createAdapter, createPool, type Target } from './pool.ts';
import { findPrismaFolder, type Migration, readMigrations } from './read-migrations.ts';
import { engineAdapter, listForEngine, NO_FILTER, openSchemaEngine } from './schema-engine.ts';

/** Any number, but the same for every node; not the engine's own (72707369). */
const LOCK_KEY = 20_090_703;

/**
 * Brings the database to the schema's newest state and returns how many migrations that took. All pending ones run in
 * one transaction: a start that is killed half way leaves the database as it was. On a server one node migrates, the
 * others wait for it; the embedded database has one process anyway.
 * @param folder of the migrations; the project's own by default
 */
export async function migrate(options: {
  pool: pg.Pool;
  target: Target;
  log: Logger;
  folder?: string | undefined;
}): Promise<number> {
  const { pool, target, log } = options;
  const folder = options.folder ?? `${findPrismaFolder()}/migrations`;
  const migrations = await readMigrations(folder);
  if ((await findPending(pool, migrations, log)).length === 0) return 0;

  // A pool of one is one session: the transaction opened here is the one the engine's statements run in.
  const session = createPool({ target, log, max: 1 });
  try {
    await session.query('BEGIN');
    // A transaction's lock in this one session of a server: it ends with the node, however that ends. (What the
    // embedded database does not honour is needed only between processes, and it has one.)
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const pending = await findPending(session, migrations, log);
    if (pending.length > 0) await apply(session, folder, migrations, log);
    await session.query('COMMIT');
    // The engine takes a lock of its own for the session and leaves it to the session's end.
    await session.query('SELECT pg_advisory_unlock_all()');
    for (const { name } of pending) log.info({ migration: name }, 'migrated');
    return pending.length;
  } finally {
    await session.end();
  }
}

async function apply(session: pg.Pool, folder: string, migrations: Migration[], log: Logger): Promise<void> {
  let failure: Error | undefined;
  const adapter = engineAdapter(
    createAdapter(session, true),
    (script) => session.query(script),
    (script, error) => {
      const name = migrations.find(({ sql }) => sql === script)?.name ?? 'a script of the schema engine';
      failure ??= new Error(`${name} failed: ${error instanceof Error ? error.message : error}`, { cause: error });
    },
  );
  const engine = await openSchemaEngine(adapter, (line) => log.trace({ line }, 'schema engine'));
  try {
    await engine.applyMigrations({ migrationsList: listForEngine(folder, migrations), filters: NO_FILTER });
  } catch (error) {
    // The engine only says that its transaction is broken; the script's own error tells what broke it.
    throw failure ?? error;
  } finally {
    engine.free();
  }
}

/** The migrations the database has not seen, from Prisma's own table. */
async function findPending(pool: pg.Pool, migrations: readonly Migration[], log: Logger): Promise<Migration[]> {
  const { rows: tables } = await pool.query<{ found: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
  );
  if (!tables[0]?.found) return [...migrations];
  const { rows } = await pool.query<{ name: string; checksum: string }>(
    'SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of migrations) {
    const before = applied.get(name);
    if (before && before !== checksum)
      log.warn({ migration: name }, 'a migration was edited after it had been applied');
  }
  return migrations.filter(({ name }) => !applied.has(name));
}
