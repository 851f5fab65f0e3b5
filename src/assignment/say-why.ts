import type { SchoolTime } from '../kernel/school-time.ts';
import { sayReason } from './reasons.ts';
import type { Why } from './why.ts';

const MOST_NAMES = 12;

/** Words why a customer came to its consultant, one idea a line. */
export function sayWhy(why: Why, { time, readerId }: { time: SchoolTime; readerId: number | null }): string[] {
  const { customer, consultant, turn } = why;
  const mine = consultant.id === readerId;
  const holder = mine ? '你' : consultant.name;
  if (!turn) return [sayOrigin(why, holder, mine)];

  const { cycle, place, order, passedOver, lapsed, takenAt } = turn;
  const of = order.length > 0 ? `，一轮 ${order.length} 位` : '';
  return [
    `${customer.name}按轮转分给${holder}：${time.format(takenAt)}，第 ${cycle} 轮第 ${place} 位${of}`,
    ...(order.length > 0 ? [`这一轮的顺序：${sayOrder(order, place)}`] : []),
    passedOver.length > 0 ? `排在前面、当时跳过的：${sayAway(passedOver)}` : '前面没有人被跳过',
    ...(lapsed.length > 0 ? [`上一轮没用上的：${sayAway(lapsed)}`] : []),
  ];
}

function sayOrigin({ customer, consultant, date, origin, before }: Why, holder: string, mine: boolean): string {
  const day = date.slice(5);
  const name = customer.name;
  if (origin === 'entered') return `${name}是${mine ? '你' : consultant.name}自己 ${day} 录入的，归录入的人，不占轮次`;
  if (origin === 'claimed')
    return `${name}是${holder} ${day} 从公海抢到的${before ? `，之前在${before.id === consultant.id ? holder : before.name}手上` : ''}，不占轮次`;
  if (origin === 'transferred') return `${name}是 ${day} 从${before?.name ?? '公海'}转给${holder}的，不占轮次`;
  return `${name}是 ${day} 分给${holder}的，没有留下轮次记录`;
}

/** The order with this turn marked; of a long cycle what stands around it. */
function sayOrder(order: readonly { name: string }[], place: number): string {
  const from =
    order.length <= MOST_NAMES ? 0 : Math.max(0, Math.min(place - 1 - MOST_NAMES / 2, order.length - MOST_NAMES));
  const shown = order
    .slice(from, from + MOST_NAMES)
    .map(({ name }, at) => (from + at + 1 === place ? `【${name}】` : name));
  return `${from > 0 ? '… ' : ''}${shown.join(' ')}${from + MOST_NAMES < order.length ? ' …' : ''}`;
}

function sayAway(away: readonly { consultant: { name: string }; reason: string }[]): string {
  return away.map(({ consultant, reason }) => `${consultant.name} ${sayReason(reason)}`).join(' · ');
}
