import { sayPhone } from '../kernel/normal/phone.ts';
import { defineRefusals } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { sayDay, sayDays, sayDaysAgo } from '../kernel/school-time.ts';

export { sayDays };

type OfCustomer = { name: string };

/** Acts that go on behind the name: a note, a reason, a colleague. */
const TAKES_MORE = /^(?:跟进|释放|转|分配|转给|报名)$/;

/** Everything the customers feature refuses. */
export const refuse = defineRefusals({
  already_claimed: {
    status: 409,
    say: ({ name, holder, left, inChat }: OfCustomer & { holder: string; left: number; inChat: boolean }) =>
      `晚了一步，${name}刚被${holder}抢到。${left > 0 ? `公海还有 ${sayCount(left)} 位${inChat ? '，回复「公海」看看' : ''}` : '公海里暂时没有别的客户了'}`,
  },
  lost_it_last: {
    status: 409,
    say: ({ name }: OfCustomer) => `${name}上次是从你这里回到公海的，等别的同事跟进过再回来才能抢`,
  },
  not_in_pool: {
    status: 409,
    say: ({ name, mine }: { name: string | null; mine: boolean }) =>
      mine ? `${name}已经是你的客户了，直接跟进就好` : `${name ?? '这位客户'}现在不在公海里，不能抢`,
  },
  quota_reached: {
    status: 409,
    say: ({ kind, cap }: { kind: 'day' | 'following'; cap: number }) =>
      kind === 'day'
        ? `今天已经抢到 ${cap} 位，到每天的上限了，明天再来`
        : `手上正在跟进的已经有 ${cap} 位，到上限了，先成单或释放几位再抢`,
  },
  in_pool: {
    status: 409,
    say: ({ name, what }: OfCustomer & { what: string }) =>
      what === '释放' ? `${name}本来就在公海里，不用释放` : `${name}还在公海里，先抢到再${what}`,
  },
  already_enrolled: {
    status: 409,
    say: ({ name, what }: OfCustomer & { what: string }) => `${name}已经报名了，不能${what}`,
  },
  changed_meanwhile: {
    status: 409,
    say: ({ name }: OfCustomer) => `${name}刚才又有变动，没有改成，看一眼现在的情况再试`,
  },
  changed_since: {
    status: 409,
    say: ({ name }: { name: string | null }) => `${name ?? '这位客户'}后来又有变动，撤不回来了，需要的话直接改回去`,
  },
  already_theirs: {
    status: 409,
    say: ({ name, holder }: OfCustomer & { holder: string }) => `${name}本来就由${holder}负责，不用转`,
  },
  not_a_consultant: {
    status: 422,
    say: ({ name }: { name: string | null }) => `${name ?? '这个人'}现在不能接客户，换一位在职的课程顾问`,
  },
  duplicate: { status: 409, say: ({ text }: { text: string }) => text },
  no_such_customer: {
    status: 404,
    say: ({ said }: { said: string }) =>
      `${/\p{L}/u.test(said) ? `没有找到叫「${shorten(said, 20)}」的客户，看看名字` : `没有找到号码是「${shorten(said, 20)}」的客户，看看号码`}，或回复「我的客户」「公海」按编号选`,
  },
  name_runs_on: {
    status: 422,
    say: ({ name, say, rest }: OfCustomer & { say: string; rest: string }) =>
      TAKES_MORE.test(say)
        ? `是说${name}吗？名字后面空一格再说，先什么都没动：「${say} ${name} ${shorten(rest, 20)}」`
        : `是说${name}吗？先什么都没动：「${say} ${name}」`,
  },
  several_customers: {
    status: 409,
    say: ({ said, names, most }: { said: string; names: readonly string[]; most: number }) =>
      `「${said}」${names.length > most ? `不止 ${most}` : `有 ${names.length}`} 位：${[...new Set(names)].slice(0, most).join('、')}。把名字写全，或回复「我的客户 ${said}」「公海 ${said}」按编号选`,
  },
  has_history: {
    status: 409,
    say: ({ name }: OfCustomer) => `${name}已经有缴费或学员档案，删掉账就对不上了，不能删除`,
  },
});

/** 23, or 10000+ where counting stopped. */
export function sayCount(count: number): string {
  return count > 10_000 ? '10000+' : String(count);
}

/** 手机 138 0013 8000 · QQ 12345678 · 微信 wang_yu; masked where the row is. */
export function sayContacts({
  phone,
  qq,
  wechat,
}: {
  phone: string | null;
  qq: string | null;
  wechat: string | null;
}): string {
  return [phone && `手机 ${sayPhone(phone)}`, qq && `QQ ${qq}`, wechat && `微信 ${wechat}`].filter(Boolean).join(' · ');
}

/** What stood beside a phone number and where it is now. */
export function sayAside(aside: readonly string[]): string {
  return `${aside.map((words) => `「${shorten(words, 30)}」`).join('')}记在备注里了`;
}

/** The one contact a line of a list has room for: the phone, else QQ or WeChat; null where there is none. */
export function sayContact({ phone, qq, wechat }: { phone: string | null; qq: string | null; wechat: string | null }) {
  return phone ? sayPhone(phone) : qq ? `QQ ${qq}` : wechat && `微信 ${wechat}`;
}

/** One note as a line of a timeline: 11-16 李娜：想先看课表，周末再聊. */
export function sayNote(note: { date: SchoolDay; by: string; note: string }, today: SchoolDay, longest = 60): string {
  const day = note.date.slice(0, 4) === today.slice(0, 4) ? note.date.slice(5) : note.date;
  return `${day} ${note.by}：${shorten(note.note, longest)}`;
}

/** 2 天前跟进; 昨天接单 where nobody has spoken with them since they came. */
export function sayLastContact(
  { receivedOn, lastContactedOn }: { receivedOn: SchoolDay; lastContactedOn: SchoolDay },
  today: SchoolDay,
): string {
  return `${sayDaysAgo(lastContactedOn, today)}${lastContactedOn === receivedOn ? '接单' : '跟进'}`;
}

/** A text made to fit one line of a message. */
export function shorten(text: string, longest: number): string {
  const flat = text.replace(/\s+/g, ' ');
  const signs = [...flat];
  return signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : flat;
}

/** What must happen until when, so that a customer stays: for receipts after a contact. */
export function sayDeadline(
  drop: { day: SchoolDay; reason: 'noContact' | 'noDeal' },
  lastDay: SchoolDay,
  today: SchoolDay,
): string {
  return drop.reason === 'noDeal'
    ? `${sayDay(lastDay, today)} 是成单期限，过了会回公海`
    : `最晚 ${sayDay(lastDay, today)} 再联系一次，过了会回公海`;
}
