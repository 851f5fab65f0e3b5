import type { z } from 'zod';
import type { About, Notice } from '../kernel/notice.ts';
import type { DefinedSubject } from './define-subject.ts';

/** A notice in words: first what happened, then lines for those who want more, and what its link is called. */
export type Words = { first: string; more: readonly string[]; link: string };

/** What a notice offers to the fields of a template, by name. */
export type Values = Readonly<Record<string, string>>;

/** A field of a template as the platform types it, the label before it, and the value that stands in it. */
export type TemplateField = readonly [
  type: 'thing' | 'time' | 'date' | 'number' | 'phrase',
  label: string,
  value: string,
];

/** The template of an Official Account that carries a kind. */
export type OwnTemplate<Data> = {
  /** How such a template is called in the platform's library, and in the sandbox. */
  title: string;
  /** The sandbox's id of it, 43 characters, where it had one before; never changed, as databases hold it. */
  id?: string;
  fields: readonly TemplateField[];
  /** Titles on the mapping page of values that are not among the common ones (common-values.ts). */
  titles?: Values;
  /** All that may be mapped, `note` among it; an empty `at` is filled with the notice's own time. */
  values(data: Data): Values;
};

/** The template of a near kind, for one that has none of its own, so that it reaches people whose window is closed. */
export type BorrowedTemplate<Data> = { of: DeclaredNotice; values(data: Data): Values };

/** A kind of notice as everything that handles notices knows it, whatever its data are. */
export type DeclaredNotice = {
  kind: string;
  title: string;
  urgent: boolean;
  isLong: boolean;
  template: Omit<OwnTemplate<never>, 'values'> | null;
  /** What a row's data say; a row that does not hold what the kind carries now is said by the kind's title. */
  word(data: unknown): Words;
  /** Whose template carries it and with which values; null where only words will do. */
  view(data: unknown): { kind: string; values: Values } | null;
  /** The openid it goes to instead of the addressee's own; null where there is none such. */
  openidIn(data: unknown): string | null;
  sample: unknown;
};

type NoticeOptions<Data> = {
  /** Its name in rows, in settings and in WECHAT_TEMPLATES; never changed. */
  kind: string;
  /** How it is called in lists, and as a mail's subject where its own sentence is longer. */
  title: string;
  /** Sent at once: never held for quiet hours, never merged. */
  urgent?: boolean;
  /** Says more than a template holds: in words while a window is open, as a template where not. */
  long?: boolean;
  /** What it is about unless the one who tells says otherwise. */
  about?: DefinedSubject;
  /** What it carries: names said in full, days and times already worded for people. Rows are kept long: only add to it. */
  data: z.ZodType<Data>;
  /** What happened, in one line: the whole text message, a mail's subject. */
  line(data: NoInfer<Data>): string;
  /** For those who want more; what is empty is left out. */
  more?(data: NoInfer<Data>): readonly (string | false | undefined)[];
  /** What its link is called. */
  link?: string;
  template?: OwnTemplate<NoInfer<Data>> | BorrowedTemplate<NoInfer<Data>>;
  openidIn?(data: NoInfer<Data>): string | undefined;
  /** A notice as it may be: mappings are tried and drawn with it. */
  sample: NoInfer<Data>;
};

/**
 * Declares a kind of notice: the words, the template, the page where it is mapped, the sandbox's template and the
 * preview are made from it. `to` makes one for somebody, for `scope.tell`.
 *
 * @example
 * await scope.tell(claimed.to(holderId, { customer, by }, { once: `claimed:${assignmentId}` }));
 */
export function defineNotice<Data extends object>(options: NoticeOptions<Data>) {
  const {
    kind,
    title,
    urgent = false,
    long = false,
    about,
    data: schema,
    link = '点开看看',
    template,
    sample,
  } = options;
  const read = (data: unknown): Data | null => schema.safeParse(data).data ?? null;

  return {
    kind,
    title,
    urgent,
    isLong: long,
    sample,
    template: template && 'fields' in template ? template : null,
    to(personId: number, data: Data, told: { once: string; about?: About; dueAt?: Date }): Notice {
      return { kind, to: personId, data, urgent, ...(about && { about: about.of() }), ...told };
    },
    word(raw: unknown): Words {
      const data = read(raw);
      if (!data) return { first: title, more: [], link };
      const more = (options.more?.(data) ?? []).filter((line): line is string => Boolean(line));
      return { first: options.line(data), more, link };
    },
    view(raw: unknown) {
      const data = read(raw);
      if (!template || !data) return null;
      return { kind: 'of' in template ? template.of.kind : kind, values: template.values(data) };
    },
    openidIn(raw: unknown) {
      const data = read(raw);
      return (data && options.openidIn?.(data)) ?? null;
    },
  } satisfies DeclaredNotice & Record<string, unknown>;
}
