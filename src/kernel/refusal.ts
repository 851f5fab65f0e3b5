import type { Notice } from './notice.ts';

/**
 * An expected no. `code` is stable and goes to programs, `message` is the Chinese sentence for people, `fields` names
 * the inputs at fault. Doors render it; nothing is logged.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What others are told although nothing was changed; the doors write these after taking the rest back. */
  tells: readonly Notice[] = [];

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly fields?: Record<string, string>,
  ) {
    super(message);
  }

  /** The same refusal, of which somebody is told: the holder of a customer who asked again. */
  telling(...notices: Notice[]): this {
    this.tells = notices;
    return this;
  }
}

type Sentence<P> = { status: number; say: (params: P) => string };
// biome-ignore lint/suspicious/noExplicitAny: only `any` lets each sentence keep its own parameter type.
type Sentences = Record<string, Sentence<any>>;
type Factories<T extends Sentences> = {
  [C in keyof T]: Parameters<T[C]['say']> extends [infer P] ? (params: P) => Refusal : () => Refusal;
};

/**
 * Declares a feature's refusals, each with its HTTP status and its sentence, and gives a factory for each, so that a
 * refusal without a sentence does not compile: `throw refuse.already_claimed({ name, holder })`.
 */
export function defineRefusals<T extends Sentences>(sentences: T): Factories<T> {
  const make =
    (code: string, { status, say }: Sentence<unknown>) =>
    (params: unknown) =>
      new Refusal(code, status, say(params));
  return Object.fromEntries(Object.entries(sentences).map(([code, s]) => [code, make(code, s)])) as Factories<T>;
}

/** Inputs that do not fit; `fields` maps each field's name to what was expected. */
export function invalidFields(fields: Record<string, string>): Refusal {
  const [first] = Object.values(fields);
  return new Refusal('invalid_fields', 422, first ?? '有内容没填对', fields);
}

/** Refusals every feature needs. */
export const refuse = defineRefusals({
  not_signed_in: { status: 401, say: () => '请先登录' },
  forbidden: {
    status: 403,
    say: (p: { what?: string }) => `你没有${p.what ?? '做这件事'}的权限，需要的话请找管理员开通`,
  },
  not_found: {
    status: 404,
    say: (p: { what?: string }) => `没有找到这${p.what ?? '条记录'}，可能已被删除，或者不归你看`,
  },
  bad_request: { status: 400, say: (p: { why: string }) => p.why },
  too_many: { status: 429, say: (p: { minutes: number }) => `试的次数太多了，${p.minutes} 分钟后再来` },
  too_large: { status: 413, say: (p: { limit: string }) => `内容太大，最多 ${p.limit}` },
});
