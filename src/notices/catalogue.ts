import { createHash } from 'node:crypto';
import type { DeclaredNotice, OwnTemplate, Words } from './define-notice.ts';
import type { Subject } from './define-subject.ts';

/** What a feature tells people, and what its links open. */
export type Declared = { notices?: readonly DeclaredNotice[]; subjects?: readonly Subject[] };

/** A kind with a template of its own. */
export type TemplatedNotice = DeclaredNotice & { template: Omit<OwnTemplate<never>, 'values'> };

/** Every kind of notice and every subject of the school. */
export type Catalogue = ReturnType<typeof createCatalogue>;

const ID_LENGTH = 43;

/**
 * Puts together what the features declare.
 * @throws Error for a kind, a subject or a subject's number declared twice, and for a template borrowed from a kind that has none
 */
export function createCatalogue(...declared: readonly Declared[]) {
  const notices = declared.flatMap((feature) => feature.notices ?? []);
  const subjects = declared.flatMap((feature) => feature.subjects ?? []);
  const byKind = indexBy(notices, 'kind');
  const byEntity = indexBy(subjects, 'entity');
  const byNumber = indexBy(subjects, 'number');
  const templated = notices.filter((notice): notice is TemplatedNotice => notice.template !== null);
  const titles = Object.fromEntries(notices.map(({ kind, title }) => [kind, title]));

  return {
    /** In the features' order. */
    notices,
    /** Those a template message can be mapped to (`WECHAT_TEMPLATES`). */
    templated,
    /** How each kind is called. */
    titles,
    /** A kind by its name; undefined for one an older or newer version wrote. */
    find: (kind: string) => byKind.get(kind),
    /** A kind with a template of its own; undefined for every other name. */
    findTemplated: (kind: string) => templated.find((notice) => notice.kind === kind),
    /** A row in words; one of a kind nobody declares any more says its kind. */
    word: (kind: string, data: unknown): Words =>
      byKind.get(kind)?.word(data) ?? { first: kind, more: [], link: '点开看看' },
    subjectNamed: (entity: string) => byEntity.get(entity),
    subjectNumbered: (number: number) => byNumber.get(number),
  };
}

/**
 * The template of a kind as the platform numbers it: fields `thing1`, `time2` … and the sandbox's id, made from the
 * kind's name where it was not given one.
 */
export function templateOf({ kind, template }: TemplatedNotice) {
  const { title, id } = template;
  const fields = template.fields.map(([type, label, value], at) => ({ name: `${type}${at + 1}`, label, value }));
  return { kind, title, templateId: id ?? idOf(kind), fields };
}

function idOf(kind: string): string {
  const digest = createHash('sha256').update(`template ${kind}`).digest('base64url');
  return `X${kind}${digest}`.slice(0, ID_LENGTH);
}

function indexBy<T, K extends keyof T & string>(declared: readonly T[], key: K): ReadonlyMap<T[K], T> {
  const index = new Map<T[K], T>();
  for (const one of declared) {
    if (index.has(one[key])) throw new Error(`two notices or subjects have the ${key} ${String(one[key])}`);
    index.set(one[key], one);
  }
  return index;
}
