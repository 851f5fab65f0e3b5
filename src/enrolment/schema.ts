import { z } from 'zod';
import { choice } from '../customers/index.ts';
import { blank, Id, sentence } from '../kernel/normal/fields.ts';
import { isSchoolDay } from '../kernel/school-time.ts';
import { Money } from '../teaching/index.ts';
import { directionOf, PAYMENT_KINDS } from './choices.ts';

const Day = z.string('日期写成 2026-11-24 这样').trim().refine(isSchoolDay, '日期写成 2026-11-24 这样');
const Kind = choice(PAYMENT_KINDS, '缴费类别');
/** What one pays when enrolling: money comes in. */
const EnrolKind = Kind.refine((kind) => directionOf(kind) > 0, '报名时只能收钱，退款记在「缴费」里');

/** Becoming a student: which cohort, and what was paid for it. */
export const EnrolCustomer = z.object({
  customerId: Id,
  cohortId: blank(z.coerce.number('请选一个班').int('请选一个班').positive('请选一个班')),
  paid: Money,
  kind: blank(EnrolKind.default('deposit')),
  dealAmount: blank(Money.optional()),
  quote: blank(Money.optional()),
  note: blank(sentence('说明', 200).optional()),
  joinedOn: blank(Day.optional()),
});
export type EnrolCustomer = z.output<typeof EnrolCustomer>;

export const PaymentInput = z.object({
  customerId: Id,
  kind: blank(Kind.default('deposit')),
  cohortId: blank(Id.optional()),
  paid: Money,
  dealAmount: blank(Money.optional()),
  quote: blank(Money.optional()),
  note: blank(sentence('说明', 200).optional()),
  date: blank(Day.optional()),
  consultantId: blank(Id.optional()),
});
export type PaymentInput = z.output<typeof PaymentInput>;
export const PaymentEdit = PaymentInput.omit({ kind: true })
  .partial()
  .extend({ kind: blank(Kind.optional()) });
export type PaymentEdit = z.output<typeof PaymentEdit>;
