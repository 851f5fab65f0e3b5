import type { PaymentKind } from '../generated/prisma/client.ts';

/** What a payment is for. Amounts are never negative: 退学 and 退款 go out, the others come in. */
export const PAYMENT_KINDS = {
  deposit: '订金/报名费',
  tuition: '学费',
  classChange: '转班',
  withdrawal: '退学',
  refund: '退款',
} as const satisfies Record<PaymentKind, string>;

/** ¥6,000, ¥99.50 */
export function sayMoney(yuan: number): string {
  return `¥${yuan.toLocaleString('zh-CN', { minimumFractionDigits: Number.isInteger(yuan) ? 0 : 2 })}`;
}

/** 还欠 ¥13,800, 交清了; nothing where no price was agreed. */
export function sayDue(due: number | null): string {
  return due === null ? '' : due > 0 ? `还欠 ${sayMoney(due)}` : '交清了';
}

/** 1 for money that comes in, −1 for money that goes out. */
export function directionOf(kind: PaymentKind): 1 | -1 {
  return kind === 'refund' || kind === 'withdrawal' ? -1 : 1;
}
