import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffSchema, keepHandWritten, writeMigration } from '../../src/database/next-migration.ts';
import { findPrismaFolder } from '../../src/database/read-migrations.ts';
import { quietLog as log } from '../setup/database.ts';
import { useTemporaryFolders } from './temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const SCHEMA = `datasource db {
  provider = "postgresql"
}

model Word {
  id   Int    @id
  text String
}
`;

describe('next migration', () => {
  it('finds that the migrations lead to the schema', async () => {
    expect(await diffSchema({ prismaFolder: findPrismaFolder(), log })).toBeNull();
  });

  it('when the schema has changed, writes what is missing under its time and name', async () => {
    const prismaFolder = await temporaryFolder();
    await writeFile(join(prismaFolder, 'schema.prisma'), SCHEMA);
    const first = await writeMigration({ name: 'words', now: new Date('2026-03-01T08:09:10Z'), prismaFolder, log });
    expect(first).toBe(join(prismaFolder, 'migrations', '20260301080910_words', 'migration.sql'));
    expect(await readFile(first ?? '', 'utf8')).toMatch(/^-- Why: words\n\n-- CreateTable\nCREATE TABLE "Word"/);

    await writeFile(join(prismaFolder, 'schema.prisma'), SCHEMA.replace('text String', 'text String\n  more Int?'));
    const second = await writeMigration({ name: 'more', now: new Date('2026-03-02T08:09:10Z'), prismaFolder, log });
    expect(await readFile(second ?? '', 'utf8')).toContain('ALTER TABLE "Word" ADD COLUMN     "more" INTEGER');

    const third = await writeMigration({ name: 'none', now: new Date('2026-03-03T08:09:10Z'), prismaFolder, log });
    expect(third).toBeNull();
  });

  it('when the history has functions and hand-written indexes, replays them and leaves them alone', async () => {
    const prismaFolder = await temporaryFolder();
    await writeFile(join(prismaFolder, 'schema.prisma'), SCHEMA);
    const folder = join(prismaFolder, 'migrations', '20260101000000_words');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'migration.sql'),
      `CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- CreateTable
CREATE TABLE "Word" ("id" INTEGER NOT NULL, "text" TEXT NOT NULL, CONSTRAINT "Word_pkey" PRIMARY KEY ("id"));
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 1; END $$;
CREATE INDEX "Word_trgm_idx" ON "Word" USING gin ("text" gin_trgm_ops);
CREATE INDEX "Word_some_idx" ON "Word" ("text") WHERE "id" > 10;`,
    );
    expect(await diffSchema({ prismaFolder, log })).toBeNull();
  });

  it('when an index of the engine is no longer in the schema, still drops it', () => {
    const drop = '-- DropIndex\nDROP INDEX "Word_text_idx";';
    const history = '-- CreateIndex\nCREATE INDEX "Word_text_idx" ON "Word"("text");';
    expect(keepHandWritten(`${drop}\n`, history)).toBe(`${drop}\n`);
  });

  it('when only some steps concern hand-written indexes, keeps the others', () => {
    const diff = '-- DropIndex\nDROP INDEX "by_hand";\n\n-- AlterTable\nALTER TABLE "Word" ADD COLUMN "a" INTEGER;\n';
    const history = 'CREATE UNIQUE INDEX "by_hand" ON "Word"("text") WHERE id > 1;';
    expect(keepHandWritten(diff, history)).toBe('-- AlterTable\nALTER TABLE "Word" ADD COLUMN "a" INTEGER;\n');
  });
});
