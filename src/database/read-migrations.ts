import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One step of the schema's history: its folder's name (time and topic), its SQL, and the checksum Prisma keeps. */
export type Migration = { name: string; sql: string; checksum: string };

/** The project's `prisma/` folder, seen from the sources as well as from what was built of them. */
export function findPrismaFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'prisma', 'schema.prisma'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no prisma/schema.prisma above the sources');
    folder = parent;
  }
  return join(folder, 'prisma');
}

/** The migrations in a folder, oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const migrations = names.map(async ({ name }) => {
    const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
  return (await Promise.all(migrations)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
