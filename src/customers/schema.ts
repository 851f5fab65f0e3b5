import { z } from 'zod';
import { isSchoolDay } from '../kernel/school-time.ts';
import { choice, EDUCATIONS, EXPERIENCES, GENDERS, SOURCES, WORK_STATUSES } from './choices.ts';
import { blank, clearable, Id, Ids, line, Phone, paragraph, Qq, Wechat } from './formats.ts';

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
    name: line('姓名', 50),
    qq: blank(Qq.optional()),
    phone: blank(Phone.optional()),
    wechat: blank(Wechat.optional()),
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
  .refine(({ qq, phone, wechat }) => qq || phone || wechat, { path: ['qq'], message: NEEDS_CONTACT });
export type EnterCustomer = z.output<typeof EnterCustomer>;

/** What one changes of a customer. Holder, status and dates are no editable fields: use cases change them. */
export const EditCustomer = z.object({
  name: line('姓名', 50).optional(),
  qq: clearable(Qq),
  phone: clearable(Phone),
  wechat: clearable(Wechat),
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
});
export type EditCustomer = z.output<typeof EditCustomer>;

export const ClaimCustomer = z.object({ customerId: Id });

export const ReleaseCustomer = z.object({ customerId: Id, reason: line('原因', 200) });

export const TransferCustomer = z.object({
  customerId: Id,
  consultantId: Id,
  reason: blank(line('原因', 200).optional()),
});

export const WriteFollowUp = z.object({
  customerId: Id,
  note: paragraph('跟进内容', 2000),
  nextContactOn: blank(Day.optional()),
});

export const RemoveCourse = z.object({ customerId: Id, courseId: Id });
