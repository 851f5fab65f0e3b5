import { z } from 'zod';
import {
  blank,
  clearable,
  Id,
  Ids,
  line,
  PersonName,
  PhoneField,
  paragraph,
  Qq,
  sentence,
  WechatId,
} from '../kernel/normal/fields.ts';
import { isSchoolDay } from '../kernel/school-time.ts';
import { choice, EDUCATIONS, EXPERIENCES, GENDERS, SOURCES, WORK_STATUSES } from './choices.ts';

const gender = choice(GENDERS, '性别');
const education = choice(EDUCATIONS, '学历');
const experience = choice(EXPERIENCES, '工作经验');
const workStatus = choice(WORK_STATUSES, '工作状态');
const source = choice(SOURCES, '来源');

/** A calendar day, YYYY-MM-DD. */
export const Day = z
  .string({ error: '日期要写成 2026-11-21 这样' })
  .trim()
  .refine(isSchoolDay, '日期要写成 2026-11-21 这样');

export const NEEDS_CONTACT = 'QQ、手机、微信号至少填一个';

/** The field names in Chinese: for problems, sheets and the record's changes. */
export const TITLES = {
  name: '姓名',
  qq: 'QQ',
  phone: '手机',
  wechat: '微信号',
  gender: '性别',
  education: '学历',
  graduationSchool: '毕业院校',
  major: '专业',
  experience: '工作经验',
  workStatus: '工作状态',
  company: '公司',
  salary: '薪资',
  source: '来源',
  referralId: '转介绍学员',
  courseIds: '咨询课程',
  memo: '备注',
} as const;

/** What one enters of a customer; the same for forms, JSON, chat and sheets. A name and one way to reach them. */
export const EnterCustomer = z
  .object({
    name: PersonName,
    qq: blank(Qq.optional()),
    phone: blank(PhoneField.optional()),
    wechat: blank(WechatId.optional()),
    gender: blank(gender.optional()),
    education: blank(education.optional()),
    graduationSchool: blank(line('毕业院校', 100).optional()),
    major: blank(line('专业', 100).optional()),
    experience: blank(experience.optional()),
    workStatus: blank(workStatus.default('employed')),
    company: blank(line('公司', 100).optional()),
    salary: blank(line('薪资', 50).optional()),
    source: blank(source.default('qqGroup')),
    referralId: blank(Id.optional()),
    courseIds: blank(Ids.default([])),
    memo: blank(paragraph('备注', 1000).optional()),
  })
  .refine(({ qq, phone, wechat }) => qq || phone || wechat, { path: ['qq'], message: NEEDS_CONTACT })
  .transform(({ phone, memo, ...fields }) => ({
    ...fields,
    phone: phone?.phone,
    memo: joinMemo(memo, phone?.memo),
    ...beside(phone?.memo),
  }));
export type EnterCustomer = z.output<typeof EnterCustomer>;

/** What stood in the phone's field besides the number, for the receipt; `memo` holds it already, below what was written there. */
function beside(aside: readonly string[] = []): { aside?: readonly string[] } {
  return aside.length > 0 ? { aside } : {};
}

/** A memo with what belongs below it; what it says already is not said twice. Undefined where there is nothing. */
export function joinMemo(memo: string | null | undefined, aside: readonly string[] = []): string | undefined {
  const added = aside.filter((words) => !memo?.includes(words));
  return [...(memo ? [memo] : []), ...added].join('\n') || undefined;
}

/** What one changes of a customer. Holder, status and dates are no editable fields: use cases change them. */
export const EditCustomer = z
  .object({
    name: PersonName.optional(),
    qq: clearable(Qq),
    phone: clearable(PhoneField),
    wechat: clearable(WechatId),
    gender: clearable(gender),
    education: clearable(education),
    graduationSchool: clearable(line('毕业院校', 100)),
    major: clearable(line('专业', 100)),
    experience: clearable(experience),
    workStatus: blank(workStatus.optional()),
    company: clearable(line('公司', 100)),
    salary: clearable(line('薪资', 50)),
    source: blank(source.optional()),
    referralId: clearable(Id),
    courseIds: Ids.optional(),
    memo: clearable(paragraph('备注', 1000)),
  })
  .transform(({ phone, ...fields }) => ({
    ...fields,
    ...(phone !== undefined && { phone: phone?.phone ?? null, ...beside(phone?.memo) }),
  }));
export type EditCustomer = z.output<typeof EditCustomer>;

export const ClaimCustomer = z.object({ customerId: Id });

export const ReleaseCustomer = z.object({ customerId: Id, reason: sentence('原因', 200) });

export const TransferCustomer = z.object({
  customerId: Id,
  consultantId: Id,
  reason: blank(sentence('原因', 200).optional()),
});

export const WriteFollowUp = z.object({
  customerId: Id,
  note: paragraph('跟进内容', 2000),
  nextContactOn: blank(Day.optional()),
});

export const RemoveCourse = z.object({ customerId: Id, courseId: Id });
