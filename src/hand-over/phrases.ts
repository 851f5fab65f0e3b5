import { defineRefusals } from '../kernel/refusal.ts';
import type { HandedOver } from './hand-over-customers.ts';

export const refuse = defineRefusals({
  nobody_can_take: {
    status: 409,
    say: () => '轮转里现在没有人能接，先去排销售权重，或者交给一位同事',
  },
});

const MOST_NAMED = 6;

/** 孙悦的 12 位客户交接好了：李娜 5 位 · 王强 4 位 · 赵敏 3 位 */
export function sayHandedOver({ from, receivers, moved, left }: HandedOver): string {
  if (moved === 0 && left === 0) return `${from}名下没有客户，不用交接`;
  const named = receivers.slice(0, MOST_NAMED).map((own) => `${own.name} ${own.following + own.enrolled} 位`);
  const others = receivers.length - named.length;
  const rest = left > 0 ? `；还有 ${left} 位没人能接，仍在${from}名下` : '';
  return `${from}的 ${moved} 位客户交接好了：${named.join(' · ')}${others > 0 ? ` 等 ${receivers.length} 位同事` : ''}${rest}`;
}

/** What deactivating says of customers nobody was named for. */
export function sayStillHeld({ name, count }: { name: string; count: number }): string {
  return `${name}名下还有 ${count} 位客户，打开员工资料点「交接客户」，不交接的到期会回公海`;
}
