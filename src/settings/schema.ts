import { z } from 'zod';
import { isCronRule } from '../jobs/due-times.ts';

/** One setting of the school: how it is called, what it may hold, and what a new school starts with. */
export type Declared<T> = {
  title: string;
  hint: string;
  /** Which heading of the settings page it stands under. */
  group: '公海' | '抢单' | '定时' | '通知' | '教学';
  schema: z.ZodType<T>;
  initial: T;
};

function setting<T>(declared: Declared<T>): Declared<T> {
  return declared;
}

const days = z.coerce.number('填天数').int('填整天数').min(1, '至少 1 天').max(365, '最多 365 天');
const hour = z.coerce.number('填整点').int('填整点').min(0, '0 到 23').max(23, '0 到 23');
const cap = z.preprocess(
  (value) => (value === '' || value === null ? null : value),
  z.null().or(z.coerce.number('填人数').int('填整数').min(1, '至少 1，不限就留空').max(10_000, '最多 10000')),
);
const flag = z.preprocess(
  (value) => (value === 'true' || value === 'on' ? true : value === 'false' ? false : value),
  z.boolean('选开或关'),
);
const cron = z
  .string('填五段的时间规则')
  .trim()
  .regex(/^\S+(\s+\S+){4}$/, '写成五段，比如 0 2 * * *')
  .refine(isCronRule, '这条时间规则算不出时间，写成 0 2 * * * 这样');

/** Every setting there is; its key in the database is its name here. */
export const SETTINGS = {
  noContactDays: setting({
    title: '多少天未跟进回公海',
    hint: '最后跟进后满这么多天还没再跟进，第二天凌晨回公海',
    group: '公海',
    schema: days,
    initial: 3,
  }),
  noDealDays: setting({
    title: '多少天未成单回公海',
    hint: '接单后满这么多天还没报名，第二天凌晨回公海',
    group: '公海',
    schema: days,
    initial: 15,
  }),
  claimsADay: setting({ title: '每人每天最多抢几位', hint: '不限就留空', group: '抢单', schema: cap, initial: null }),
  followingCap: setting({
    title: '每人最多同时跟进几位',
    hint: '到了就不能再抢，不限就留空',
    group: '抢单',
    schema: cap,
    initial: null,
  }),
  sweepCron: setting({
    title: '每日筛选的时间',
    hint: '分 时 日 月 周，学校时间；0 2 * * * 是每天 2:00',
    group: '定时',
    schema: cron,
    initial: '0 2 * * *',
  }),
  digestCron: setting({
    title: '快掉客户提醒的时间',
    hint: '分 时 日 月 周；30 17 * * * 是每天 17:30',
    group: '定时',
    schema: cron,
    initial: '30 17 * * *',
  }),
  quietHours: setting({
    title: '夜里不打扰',
    hint: '夜里不急的通知留到早上再发',
    group: '通知',
    schema: flag,
    initial: false,
  }),
  quietFrom: setting({ title: '从几点起不打扰', hint: '0 到 23 点', group: '通知', schema: hour, initial: 21 }),
  quietUntil: setting({ title: '到几点为止', hint: '0 到 23 点', group: '通知', schema: hour, initial: 8 }),
  attendanceInRank: setting({
    title: '排名计入考勤',
    hint: '迟到、早退每节扣 5 分，缺勤每节扣 20 分',
    group: '教学',
    schema: flag,
    initial: false,
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;

/** All settings with their values. */
export type Settings = { [Name in SettingName]: (typeof SETTINGS)[Name] extends Declared<infer T> ? T : never };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** Some settings to change; the others stay as they are. */
export const ChangeSettings = z
  .object(Object.fromEntries(SETTING_NAMES.map((name) => [name, (SETTINGS[name].schema as z.ZodType).optional()])))
  .transform((given) => given as Partial<Settings>);
