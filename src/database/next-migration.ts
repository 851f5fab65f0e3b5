import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import type { Logger } from 'pino';
import { readMigrations } from './read-migrations.ts';
import { engineAdapter, listForEngine, NO_FILTER, openSchemaEngine } from './schema-engine.ts';

/**
 * The SQL that leads from the migrations so far to the schema, or null where they agree. The migrations are replayed
 * on a fresh embedded database in memory. Hand-written indexes are left alone: see `keepHandWritten`.
 */
export async function diffSchema(options: { prismaFolder: string; log: Logger }): Promise<string | null> {
  const { prismaFolder, log } = options;
  const schemaFile = join(prismaFolder, 'schema.prisma');
  const folder = join(prismaFolder, 'migrations');
  const migrations = await readMigrations(folder);
  // A devDependency, here alone: the engine reads catalogs in types that adapter-pg does not know ("char").
  const { PrismaPGlite } = await import('pglite-prisma-adapter');
  const db = await PGlite.create({ extensions: { pg_trgm, btree_gist } });
  try {
    const adapter = engineAdapter(
      new PrismaPGlite(db),
      (script) => db.exec(script),
      (script, error) => log.error({ err: error, script }, 'a migration failed'),
    );
    const engine = await openSchemaEngine(adapter, (line) => log.trace({ line }, 'schema engine'));
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...listForEngine(folder, migrations) },
      to: {
        tag: 'schemaDatamodel',
        files: [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }],
      },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    engine.free();
    return keepHandWritten(stdout ?? '', migrations.map(({ sql }) => sql).join('\n'));
  } finally {
    await db.close();
  }
}

/**
 * Writes the next migration, `<UTC time>_<name>/migration.sql`, opened by a comment that asks for its reason. Returns
 * its file, or null where schema and migrations already agree.
 */
export async function writeMigration(options: {
  name: string;
  now: Date;
  prismaFolder: string;
  log: Logger;
}): Promise<string | null> {
  const { name, now, prismaFolder, log } = options;
  const sql = await diffSchema({ prismaFolder, log });
  if (sql === null) return null;
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const topic = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const folder = join(prismaFolder, 'migrations', `${time}_${topic}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'migration.sql');
  await writeFile(file, `-- Why: ${name}\n\n${sql}`);
  return file;
}

const EMPTY = '-- This is an empty migration.';
const DROPPED_INDEX = /^-- DropIndex\nDROP INDEX "([^"]+)";$/;

/**
 * Takes out of a diff what would drop indexes that the schema cannot say (partial, trigram, on expressions). They are
 * told by the history: the engine writes `-- CreateIndex` above each of its own. Null where nothing is left.
 */
export function keepHandWritten(diff: string, history: string): string | null {
  const isHandWritten = (index: string) =>
    new RegExp(`INDEX (IF NOT EXISTS )?"?${index}"?\\s`).test(history) &&
    !new RegExp(`-- CreateIndex\\nCREATE (UNIQUE )?INDEX "${index}"`).test(history);
  const steps = diff
    .trim()
    .split('\n\n')
    .filter((step) => step !== '' && step !== EMPTY)
    .filter((step) => {
      const [, index] = DROPPED_INDEX.exec(step) ?? [];
      return index === undefined || !isHandWritten(index);
    });
  return steps.length === 0 ? null : `${steps.join('\n\n')}\n`;
}
