import type { Logger } from 'pino';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { systemActor } from '../kernel/actor.ts';
import type { InTransaction, Scope } from '../kernel/scope.ts';
import { COLUMNS, type Column } from './columns.ts';

const ID = 'normal-forms';
const READ = 5000;
const WRITTEN = 1000;

type Change = { id: number; stored: string; wanted: string };

/**
 * Brings rows of earlier versions to the normal forms that new ones are kept in, once per database. Each text is changed only while
 * it is as it was read, so that a start which was killed goes on where it stopped, and two nodes at once do no harm. Of texts that
 * belong to one row only, those that would become alike stay as they are and are listed (`FormClash`).
 */
export async function bringToForm(parts: {
  prisma: PrismaClient;
  inTransaction: InTransaction;
  log: Logger;
}): Promise<void> {
  const { prisma, inTransaction, log } = parts;
  if (await prisma.upgrade.findUnique({ where: { id: ID } })) return;
  let changed = 0;
  for (const column of COLUMNS) {
    const changes = await findChanges(prisma, column);
    const clashing = column.unique ? await findClashes(prisma, column, changes) : new Set<Change>();
    const sound = changes.filter((change) => !clashing.has(change));
    for (const batch of batchesOf(sound))
      changed += await inTransaction(systemActor, 'system', (scope) => write(scope, column, batch), {
        timeoutMs: 60_000,
      });
    await inTransaction(systemActor, 'system', (scope) => list(scope, column, [...clashing]));
  }
  await inTransaction(systemActor, 'system', ({ tx, now }) =>
    tx.upgrade.createMany({ data: { id: ID, doneAt: now }, skipDuplicates: true }),
  );
  if (changed > 0) log.info({ changed }, 'names and numbers of an earlier version were brought to their normal forms');
}

const nameOf = ({ table, column }: Column) => ({ from: Prisma.raw(`"${table}"`), text: Prisma.raw(`"${column}"`) });

async function findChanges(prisma: PrismaClient, column: Column): Promise<Change[]> {
  const { from, text } = nameOf(column);
  const changes: Change[] = [];
  for (let last = 0; ; ) {
    const rows = await prisma.$queryRaw<{ id: number; stored: string }[]>`
      SELECT id, ${text} AS stored FROM ${from} WHERE id > ${last} AND ${text} !~ ${column.sound} ORDER BY id LIMIT ${READ}`;
    for (const { id, stored } of rows) {
      const wanted = column.normal(stored);
      if (wanted && wanted !== stored) changes.push({ id, stored, wanted });
    }
    if (rows.length < READ) return changes;
    last = rows.at(-1)?.id ?? last;
  }
}

/** Changes to a text that another row has, or that two rows would get. */
async function findClashes(prisma: PrismaClient, column: Column, changes: readonly Change[]): Promise<Set<Change>> {
  const { from, text } = nameOf(column);
  const times = new Map<string, number>();
  for (const { wanted } of changes) times.set(wanted, (times.get(wanted) ?? 0) + 1);
  for (const batch of batchesOf([...times.keys()])) {
    const taken = await prisma.$queryRaw<{ wanted: string }[]>`
      SELECT ${text} AS wanted FROM ${from} WHERE ${text} = ANY(${batch}::text[])`;
    for (const { wanted } of taken) times.set(wanted, (times.get(wanted) ?? 0) + 1);
  }
  return new Set(changes.filter(({ wanted }) => (times.get(wanted) ?? 0) > 1));
}

async function write({ tx, now }: Scope, column: Column, changes: readonly Change[]): Promise<number> {
  const { from, text } = nameOf(column);
  const version = column.versioned ? Prisma.sql`, version = t.version + 1, "updatedAt" = ${now}` : Prisma.empty;
  const free = column.unique
    ? Prisma.sql`AND NOT EXISTS (SELECT 1 FROM ${from} o WHERE o.${text} = c.wanted AND o.id <> t.id)`
    : Prisma.empty;
  return tx.$executeRaw`
    UPDATE ${from} t SET ${text} = c.wanted${version}
    FROM unnest(${changes.map(({ id }) => id)}::int[], ${changes.map(({ stored }) => stored)}::text[],
      ${changes.map(({ wanted }) => wanted)}::text[]) AS c(id, stored, wanted)
    WHERE t.id = c.id AND t.${text} = c.stored ${free}`;
}

async function list({ tx, now }: Scope, { table, column }: Column, clashing: readonly Change[]): Promise<void> {
  await tx.formClash.createMany({
    data: clashing.map(({ id, stored, wanted }) => ({
      entity: table,
      recordId: id,
      field: column,
      stored,
      wanted,
      foundAt: now,
    })),
    skipDuplicates: true,
  });
}

function batchesOf<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / WRITTEN) }, (_, at) =>
    all.slice(at * WRITTEN, (at + 1) * WRITTEN),
  );
}
