import type { z } from 'zod';
import type { Prisma } from '../../generated/prisma/client.ts';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';

/** What the platform keeps of one kind: named things with a value, oldest first. */
export type Items<T> = ReturnType<typeof createItems<T>>;

/** A drawer of the simulated platform: values of one kind by name, kept in the database. */
export function createItems<T>({ prisma }: Pick<SandboxParts, 'prisma'>, kind: string, shape: z.ZodType<T>) {
  const keyOf = (name: string) => `${kind}:${name}`;
  const read = (row: { key: string; value: unknown; createdAt: Date }) => ({
    name: row.key.slice(kind.length + 1),
    value: shape.parse(row.value),
    createdAt: row.createdAt,
  });

  return {
    async find(name: string): Promise<T | null> {
      const row = await prisma.sandboxItem.findUnique({ where: { key: keyOf(name) } });
      return row?.kind === kind ? shape.parse(row.value) : null;
    },
    /** Those whose name begins so, in the order they were made. */
    async list(prefix = '') {
      const rows = await prisma.sandboxItem.findMany({
        where: { kind, key: { startsWith: keyOf(prefix) } },
        orderBy: [{ createdAt: 'asc' }, { key: 'asc' }],
      });
      return rows.map(read);
    },
    async put(name: string, value: T): Promise<void> {
      const kept = value as Prisma.InputJsonValue;
      const key = keyOf(name);
      const createdAt = new Date(wallNow());
      await prisma.sandboxItem.upsert({
        where: { key },
        create: { key, kind, value: kept, createdAt },
        update: { value: kept },
      });
    },
    /** False where there was none. */
    async remove(name: string): Promise<boolean> {
      return (await prisma.sandboxItem.deleteMany({ where: { key: keyOf(name), kind } })).count > 0;
    },
    /** Removes those whose name ends so, all with ''. */
    async removeAll(suffix = ''): Promise<void> {
      await prisma.sandboxItem.deleteMany({ where: { kind, key: { endsWith: suffix } } });
    },
    /** The next of a row of numbers that begins with `first`; two that ask at once get two. */
    async nextNumber(first: number): Promise<number> {
      const key = `number:${kind}`;
      const [row] = await prisma.$queryRaw<{ n: number }[]>`
        INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "createdAt")
        VALUES (${key}, 'number', to_jsonb(${first}::int), ${new Date(wallNow())})
        ON CONFLICT ("key") DO UPDATE SET "value" = to_jsonb((i."value")::int + 1)
        RETURNING ("value")::int AS n`;
      return row?.n ?? first;
    },
  };
}
