import type { SchoolTime } from '../kernel/school-time.ts';
import type { DeclaredNotice, Values } from '../notices/define-notice.ts';

/** A kind's values as the fields of a template take them. */
export type View = { kind: string; values: Values };

/**
 * Whose template's mapping a notice goes by, and its values: its own, and what every notice offers; null where only
 * words will do.
 */
export function viewOf(
  notice: DeclaredNotice,
  data: unknown,
  { createdAt, time }: { createdAt: Date; time: Pick<SchoolTime, 'dayOf' | 'format'> },
): View | null {
  const view = notice.view(data);
  if (!view) return null;
  const moment = `${time.dayOf(createdAt)} ${time.format(createdAt).slice(-5)}`;
  const common = { title: notice.word(data).first, moment };
  return { kind: view.kind, values: { ...common, ...view.values, ...(view.values.at === '' && { at: moment }) } };
}
