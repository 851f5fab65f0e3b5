import { z } from 'zod';
import { nameField, Phone } from '../kernel/normal/fields.ts';
import { isSchoolDay } from '../kernel/school-time.ts';

const blankAsNull = (value: unknown) => (value === '' || value === undefined ? null : value);

export const Username = z
  .string('请填写用户名')
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/, '用户名用 2 到 32 个小写字母、数字、点、横线');
export const Password = z.string('请填写密码').min(10, '密码至少 10 位').max(128, '密码最多 128 位');
const Email = z.preprocess(blankAsNull, z.email('邮箱写成 name@example.com 这样').nullable());
const Day = z.preprocess(blankAsNull, z.string().refine(isSchoolDay, '日期写成 2026-11-24 这样').nullable());
const Id = z.preprocess(blankAsNull, z.coerce.number('请从列表里选').int().positive().nullable());

/** Signing in; `next` is where the person was going. */
export const SignIn = z.object({
  username: z
    .string('请填写用户名')
    .trim()
    .min(1, '请填写用户名')
    .max(64, '用户名不对')
    .transform((name) => name.toLowerCase()),
  password: z.string('请填写密码').min(1, '请填写密码').max(256, '密码不对'),
  remember: z.preprocess((value) => value === true || value === 'on' || value === '1' || value === 'true', z.boolean()),
  next: z.string().max(2000).optional(),
});

const staffFields = {
  name: nameField('姓名', 30),
  username: Username,
  email: Email,
  phone: z.preprocess(blankAsNull, Phone.nullable()),
  departmentId: Id,
  campusId: Id,
  onLeaveUntil: Day,
  roleIds: z.preprocess(
    (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.coerce.number('请从列表里选').int().positive()).max(20),
  ),
};

export const AddStaff = z.object({ ...staffFields, password: Password.optional() });
export type AddStaff = z.output<typeof AddStaff>;
const Flag = z.preprocess(
  (value) => ({ true: true, false: false, 是: true, 否: false })[String(value)] ?? value,
  z.boolean('填是或否'),
);
export const EditStaff = z.object({ ...staffFields, active: Flag, password: Password }).partial();
export type EditStaff = z.output<typeof EditStaff>;

export const ChangePassword = z.object({
  current: z.string('请填写原来的密码').min(1, '请填写原来的密码'),
  password: Password,
});

export const DepartmentInput = z.object({
  code: z.coerce.number('编号是数字').int('编号是整数').min(1, '编号从 1 开始').max(999999, '编号太大'),
  title: nameField('名称', 30),
});
export type DepartmentInput = z.output<typeof DepartmentInput>;

/** A path of our own to go on to; anything that could lead elsewhere is the home page. */
export function safeNext(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next) || /[\\\s]/.test(next)) return '/';
  return new URL(next, 'http://school.invalid').host === 'school.invalid' ? next : '/';
}
