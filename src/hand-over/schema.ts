import { z } from 'zod';
import { blank, Id } from '../kernel/normal/fields.ts';

/** What may become of a leaver's customers. */
export const WAYS = { rota: '按轮转分给同事', one: '交给一位同事', keep: '先留着，之后再交接' } as const;

const way = (ways: readonly (keyof typeof WAYS)[]) =>
  z.enum(ways as [keyof typeof WAYS, ...(keyof typeof WAYS)[]], '选一种交接办法');

const needsReceiver = {
  path: ['consultantId'],
  message: '选一位接手的同事',
};

/** Handing over by its own page. */
export const HandOverInput = z
  .object({
    to: way(['rota', 'one']),
    consultantId: blank(Id.optional()),
    deactivate: z.preprocess((value) => value === true || value === 'true' || value === 'on', z.boolean()),
  })
  .refine(({ to, consultantId }) => to !== 'one' || consultantId !== undefined, needsReceiver);

/** What deactivating asks; nothing said leaves them where they are. */
export const LeavingInput = z
  .object({ customers: blank(way(['rota', 'one', 'keep']).optional()), consultantId: blank(Id.optional()) })
  .refine(({ customers, consultantId }) => customers !== 'one' || consultantId !== undefined, needsReceiver);
export type LeavingInput = z.output<typeof LeavingInput>;
