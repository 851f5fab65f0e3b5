import { z } from 'zod';

/** Full-width letters, digits and signs as their half-width forms; sheets and phones mix both. */
export function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ');
}

/** Sheets and programs give numbers where people mean text. */
const asText = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : value);

const written = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined || input === null ? `请填写${what}` : `${what}要填文字`) });

/** A QQ number: 5 to 12 digits, without blanks. */
export const Qq = z.preprocess(
  asText,
  written('QQ')
    .transform((text) => halfWidth(text).replace(/\s+/g, ''))
    .pipe(z.string().regex(/^[1-9]\d{4,11}$/, 'QQ 是 5 到 12 位数字')),
);

/**
 * A Chinese phone number as digits only: a mobile of 11, a landline with its area code, or a 400 number. Blanks, dashes,
 * brackets and +86 are taken off.
 */
export const Phone = z.preprocess(
  asText,
  written('手机')
    .transform(normalisePhone)
    .pipe(z.string().regex(/^(1[3-9]\d{9}|0\d{9,11}|400\d{7})$/, '手机是 11 位数字，座机带上区号，比如 010-88886666')),
);

function normalisePhone(text: string): string {
  const digits = halfWidth(text).replace(/[\s\-‐-―—－().·]/g, '');
  return digits
    .replace(/^(?:\+86|0086)(?=\d{10})/, '')
    .replace(/^86(?=1[3-9]\d{9}$)/, '')
    .replace(/^0(?=1[3-9]\d{9}$)/, '');
}

/** A WeChat id in lower case, as WeChat does not tell capitals apart: 6 to 20 letters, digits, _ or -, a letter first. */
export const Wechat = z.preprocess(
  asText,
  written('微信号')
    .transform((text) => halfWidth(text).replace(/\s+/g, '').toLowerCase())
    .pipe(z.string().regex(/^[a-z][a-z0-9_-]{5,19}$/, '微信号是 6 到 20 位字母、数字、下划线或减号，字母开头')),
);

/** A text of one line, trimmed, runs of blanks made one; characters nobody sees are taken off. */
export function line(what: string, longest: number) {
  return z.preprocess(
    asText,
    written(what)
      .transform((text) =>
        text
          .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
          .replace(/[ \u3000]+/g, ' ')
          .trim(),
      )
      .pipe(z.string().min(1, `请填写${what}`).max(longest, `${what}最多 ${longest} 个字`)),
  );
}

/** A text of several lines, trimmed. */
export function paragraph(what: string, longest: number) {
  return z.preprocess(
    asText,
    written(what)
      .transform((text) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '').trim())
      .pipe(z.string().min(1, `请填写${what}`).max(longest, `${what}最多 ${longest} 个字`)),
  );
}

/** A record's number. */
export const Id = z.coerce
  .number('编号是数字')
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

/** Left out, null and '' are the same: nothing given. */
export function blank<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => (value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value),
    schema,
  );
}

/** For changes: left out stays as it is, null and '' clear it. */
export function clearable<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
    schema.nullable().optional(),
  );
}
