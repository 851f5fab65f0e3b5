import { z } from 'zod';
import { normalName } from './name.ts';
import { readPhone } from './phone.ts';
import { halfWidth, oneLine, severalLines, visible } from './text.ts';

/** Sheets and programs give numbers where people mean text. */
const asText = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : value);

const written = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined || input === null ? `请填写${what}` : `${what}要填文字`) });

function text(what: string, longest: number, normal: (text: string) => string) {
  return z.preprocess(
    asText,
    written(what)
      .transform(normal)
      .pipe(z.string().min(1, `请填写${what}`).max(longest, `${what}最多 ${longest} 个字`)),
  );
}

/** The name of somebody or something (`normalName`). */
export const nameField = (what: string, longest: number) => text(what, longest, normalName);

/** A short fact of one line, half width: a school, a company. */
export const line = (what: string, longest: number) => text(what, longest, (given) => halfWidth(oneLine(given)));

/** A sentence of one line, its signs as written: a reason. */
export const sentence = (what: string, longest: number) => text(what, longest, oneLine);

/** A note of several lines, its signs as written. */
export const paragraph = (what: string, longest: number) => text(what, longest, severalLines);

/** A person's name. */
export const PersonName = nameField('姓名', 50);

/** A QQ number: 5 to 12 digits, without blanks and the label people write before it. */
export const Qq = z.preprocess(
  asText,
  written('QQ')
    .transform((given) =>
      bare(given)
        .replace(/^qq号?码?[:：]?/i, '')
        .replace(/\.0+$/, ''),
    )
    .pipe(z.string().regex(/^[1-9]\d{4,11}$/, 'QQ 是 5 到 12 位数字')),
);

/** A WeChat id in lower case, as WeChat does not tell capitals apart: 6 to 20 letters, digits, _ or -, a letter first. */
export const WechatId = z.preprocess(
  asText,
  written('微信号')
    .transform((given) =>
      bare(given)
        .replace(/^(?:微信|wechat)(?:号|id)?[:：]/i, '')
        .toLowerCase(),
    )
    .pipe(z.string().regex(/^[a-z][a-z0-9_-]{5,19}$/, '微信号是 6 到 20 位字母、数字、下划线或减号，字母开头')),
);

/** A phone field as written, read into the number and what belongs into the memo (`readPhone`). */
export const PhoneField = z.preprocess(
  asText,
  written('手机').transform((given, context) => {
    const read = readPhone(given);
    if ('phone' in read) return read;
    context.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  }),
);

/** A phone number alone, where no memo could take what else was written. */
export const Phone = PhoneField.transform(({ phone, memo }, context) => {
  if (memo.length === 0) return phone;
  context.addIssue({ code: 'custom', message: `这里只写一个号码，去掉「${memo.join('，')}」` });
  return z.NEVER;
});

/** A record's number. */
export const Id = z.coerce
  .number('请选一项')
  .int('编号是整数')
  .positive('编号从 1 起')
  .max(2_147_483_647, '没有这么大的编号');

/** Several records' numbers: a list, one alone, or parted by commas as a form sends them. */
export const Ids = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value.split(',').filter((part) => part.trim() !== '')
      : typeof value === 'number'
        ? [value]
        : value,
  z
    .array(Id, '要给一个列表')
    .max(50, '一次最多 50 个')
    .transform((ids) => [...new Set(ids)]),
);

const isBlank = (value: unknown) => typeof value === 'string' && visible(value).trim() === '';

/** Left out, null and '' are the same: nothing given. */
export function blank<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value === null || isBlank(value) ? undefined : value), schema);
}

/** For changes: left out stays as it is, null and '' clear it. */
export function clearable<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isBlank(value) ? null : value), schema.nullable().optional());
}

/** A number or id without blanks, in half width. */
function bare(given: string): string {
  return halfWidth(visible(given))
    .replace(/\s+/g, '')
    .replace(/^['’‘`]+/, '');
}
