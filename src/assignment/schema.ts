import { z } from 'zod';

/** Forms send texts, and '' for nothing. */
const asNumber = (value: unknown) => {
  if (typeof value !== 'string') return value;
  return value.trim() === '' ? undefined : Number(value);
};
const asCap = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? null : asNumber(value));

const whole = (what: string, least: number, most: number, below = `${what}不能小于 ${least}`) =>
  z.number(`${what}要填整数`).int(`${what}要填整数`).min(least, below).max(most, `${what}最大 ${most}`);

const weight = whole('权重', -1000, 1000);
const slots = whole('数量', 0, 100);
const followingCap = whole('在跟上限', 1, 10_000, '在跟上限至少 1，不限就空着').nullable().optional();
const dailyCap = whole('每日上限', 1, 10_000, '每日上限至少 1，不限就空着').nullable().optional();

/** A sales rank as entered; caps left empty mean no cap. */
export const AddRank = z.object({
  consultantId: z.preprocess(asNumber, z.number('请选择课程顾问').int('请选择课程顾问').positive('请选择课程顾问')),
  weight: z.preprocess(asNumber, weight),
  slots: z.preprocess(asNumber, slots),
  followingCap: z.preprocess(asCap, followingCap),
  dailyCap: z.preprocess(asCap, dailyCap),
});
export type AddRank = z.output<typeof AddRank>;

/** What of a rank can be changed: what is left out stays. Whose it is cannot change. */
export const EditRank = z.object({
  weight: z.preprocess(asNumber, weight.optional()),
  slots: z.preprocess(asNumber, slots.optional()),
  followingCap: z.preprocess(asCap, followingCap),
  dailyCap: z.preprocess(asCap, dailyCap),
});
export type EditRank = z.output<typeof EditRank>;
