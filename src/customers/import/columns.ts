import { halfWidth } from '../../kernel/normal/text.ts';
import { TITLES } from '../schema.ts';

/** A field of the form as a sheet's column. */
export type ColumnField = keyof typeof TITLES;

/** The report's own column: there in a file that comes back corrected, and passed over. */
export const REASON_TITLE = '原因';

/** What people write over a column besides the form's own title. */
const ALIASES: Readonly<Record<ColumnField, readonly string[]>> = {
  name: ['客户姓名', '客户名称', '客户', '名字'],
  qq: ['qq号', 'qq号码'],
  phone: ['手机号', '手机号码', '电话', '电话号码', '联系电话', '联系方式'],
  wechat: ['微信', '微信id'],
  gender: [],
  education: ['最高学历'],
  graduationSchool: ['毕业学校', '学校'],
  major: ['所学专业'],
  experience: ['工作年限', '经验'],
  workStatus: ['在职状态'],
  company: ['所在公司', '工作单位', '公司名称'],
  salary: ['薪水', '工资', '月薪'],
  source: ['客户来源', '来源渠道', '渠道'],
  referralId: ['转介绍', '介绍人'],
  courseIds: ['课程', '咨询的课程', '意向课程'],
  memo: ['说明'],
};

const CONTACTS = ['qq', 'phone', 'wechat'] as const satisfies readonly ColumnField[];

const FIELDS = new Map(
  (Object.keys(TITLES) as ColumnField[]).flatMap((field) =>
    [TITLES[field], field, ...ALIASES[field]].map((title) => [plain(title), field] as const),
  ),
);

/** A header row as read: which column holds which field, and the titles of columns nobody knows. */
export type Header = {
  titles: string[];
  fields: (ColumnField | null)[];
  unused: string[];
  /** What is missing of the columns every customer needs, in words; null where all are there. */
  missing: string | null;
};

/** Reads a header row. Order, blanks, capitals and marks like ＊ or （必填） do not matter; of two alike the first counts. */
export function readHeader(titles: readonly string[]): Header {
  const fields: (ColumnField | null)[] = [];
  const unused: string[] = [];
  for (const title of titles) {
    const field = FIELDS.get(plain(title)) ?? null;
    const isNew = field !== null && !fields.includes(field);
    fields.push(isNew ? field : null);
    if (!isNew && title.trim() !== '' && title.trim() !== REASON_TITLE) unused.push(title.trim());
  }
  return { titles: titles.map((title) => title.trim()), fields, unused, missing: findMissing(fields) };
}

function findMissing(fields: readonly (ColumnField | null)[]): string | null {
  if (!fields.includes('name')) return `「${TITLES.name}」`;
  return CONTACTS.some((field) => fields.includes(field)) ? null : '「QQ」「手机」「微信号」中的一列';
}

function plain(title: string): string {
  return halfWidth(title)
    .toLowerCase()
    .replace(/\((?:必填|选填|可选|必须)\)/g, '')
    .replace(/[\s*:_-]/g, '');
}
