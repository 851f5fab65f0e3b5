import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const CHINESE = /\p{Script=Han}/u;

const FORMATS: Record<string, string> = {
  email: '邮箱要写成 name@example.com 这样',
  url: '要写成 https:// 开头的网址',
  date: '日期要写成 2026-11-21 这样',
  datetime: '时间要写成 2026-11-21T14:30 这样',
  time: '时间要写成 14:30 这样',
};

const EXPECTED: Record<string, string> = {
  number: '要填数字',
  int: '要填整数',
  string: '要填文字',
  boolean: '要填是或否',
  array: '要给一个列表',
  object: '格式不对',
  date: '要填日期',
};

/**
 * Words what zod found wrong, one short Chinese sentence for each field (the first of each; nested ones as
 * `marks.0.score`). Sentences a schema brings along are kept; zod's own are replaced.
 */
export function explainProblems(
  error: z.ZodError,
  titles: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const name = issue.path.map(String).join('.') || 'form';
    fields[name] ??= explainIssue(issue, titles[name] ?? titles[String(issue.path[0])] ?? '');
  }
  return fields;
}

/** One problem in Chinese; `title` is the field's name where it is known. */
export function explainIssue(issue: Issue, title = ''): string {
  if (CHINESE.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') {
    if (/received (undefined|null)/.test(issue.message)) return `请填写${title}`;
    return EXPECTED[issue.expected] ?? '格式不对';
  }
  if (issue.code === 'too_small') return tooSmall(issue, title);
  if (issue.code === 'too_big') return tooBig(issue);
  if (issue.code === 'invalid_value') return '请从列出的选项里选';
  if (issue.code === 'invalid_format') return FORMATS[issue.format] ?? `${title || '这一项'}的格式不对`;
  if (issue.code === 'not_multiple_of') return `要是 ${issue.divisor} 的倍数`;
  if (issue.code === 'unrecognized_keys') return `不认识这一项：${issue.keys.join('、')}`;
  if (issue.code === 'invalid_union') return inUnion(issue, title);
  return `${title || '这一项'}填得不对`;
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, title: string): string {
  const least = Number(issue.minimum);
  if (issue.origin === 'string') return least <= 1 ? `请填写${title}` : `至少 ${least} 个字`;
  if (issue.origin === 'array' || issue.origin === 'set')
    return least <= 1 ? `至少选一个${title}` : `至少选 ${least} 个`;
  return issue.inclusive === false ? `要大于 ${least}` : `不能小于 ${least}`;
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>): string {
  const most = Number(issue.maximum);
  if (issue.origin === 'string') return `最多 ${most} 个字`;
  if (issue.origin === 'array' || issue.origin === 'set') return `最多 ${most} 个`;
  return issue.inclusive === false ? `要小于 ${most}` : `不能大于 ${most}`;
}

/** Of several readings the one with a sentence of its own speaks, else the first. */
function inUnion(issue: Extract<Issue, { code: 'invalid_union' }>, title: string): string {
  const branches = issue.errors.flat();
  const own = branches.find((branch) => CHINESE.test(branch.message)) ?? branches[0];
  return own ? explainIssue(own, title) : `${title || '这一项'}填得不对`;
}
