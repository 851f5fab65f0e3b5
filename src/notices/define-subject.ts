import type { About } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';

/** What notices can be about and their links open. */
export type Subject = {
  /** As the notice's row has it: `customer`. */
  entity: string;
  /** Stands for it in signed links; 1 to 255, and never one used before: links live for weeks. */
  number: number;
  /** Where it lies in the web view; `id` undefined where no single record is meant. */
  path(tx: Tx, id: number | undefined): Promise<string> | string;
};

/** A subject with the way to say that a notice is about it. */
export type DefinedSubject = Subject & { of(id?: number): About };

/** Declares something notices can be about, beside the feature whose page it is. */
export function defineSubject(subject: Subject): DefinedSubject {
  const { entity } = subject;
  return { ...subject, of: (id) => (id === undefined ? { entity } : { entity, id }) };
}

/** The page of a list, or of one of its records. */
export function recordIn(list: string): Subject['path'] {
  return (_, id) => (id ? `${list}/${id}` : list);
}
