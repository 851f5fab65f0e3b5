import { simplified } from '../../chat/simplified.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { literally } from '../../kernel/literally.ts';
import { Phone, Qq } from '../../kernel/normal/fields.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { dayFromDb, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { seesContacts, withContact } from '../visibility.ts';
import { sayCourses } from './say-customer.ts';

/** More candidates than these are not offered. */
const MOST_FOUND = 7;

const select = {
  id: true,
  name: true,
  phone: true,
  qq: true,
  wechat: true,
  consultantId: true,
  receivedOn: true,
  courses: { select: { course: { select: { name: true } } }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.CustomerSelect;

/** Somebody a name or a number may mean, with what tells namesakes apart. */
export type Candidate = Prisma.CustomerGetPayload<{ select: typeof select }>;

/**
 * The customers a word means among some: by their whole phone or QQ where the reader sees it (rule 1), else by name, the
 * exact ones first, else all that begin so.
 */
export async function customersByWords(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  said: string,
  among: Prisma.CustomerWhereInput,
): Promise<Candidate[]> {
  const contact = contactsIn(said);
  // Names are kept in one form: 阿里木•买买提 is said of 阿里木·买买提.
  const spellings = [...new Set([said, simplified(said)].map(normalName))];
  const meant: Prisma.CustomerWhereInput =
    contact.length > 0
      ? { OR: contact.map((kind) => withContact(kind, [said], actor)) }
      : literally({ OR: spellings.map((name) => ({ name: { startsWith: name } })) });
  const found = await tx.customer.findMany({
    where: { AND: [among, meant] },
    select,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MOST_FOUND,
  });
  const exact = found.filter(({ name }) => spellings.includes(name));
  return exact.length > 0 ? exact : found;
}

/** What kind of contact a word is: 13812345678 a phone, 12345678 a QQ. */
function contactsIn(said: string): ('phone' | 'qq')[] {
  if (/\p{L}/u.test(said)) return [];
  const isPhone = Phone.safeParse(said).success;
  const isQq = Qq.safeParse(said).success;
  return [...(isPhone ? (['phone'] as const) : []), ...(isQq ? (['qq'] as const) : [])];
}

/** A candidate's line where several are of one name: 王小雨 · 尾号 8000 · Python全栈 · 接单 11-18. */
export function tellApart({ actor, today }: Pick<Scope, 'actor' | 'today'>, customer: Candidate): string {
  const { name, phone, qq, wechat, courses, receivedOn } = customer;
  const contact = seesContacts(actor, customer)
    ? phone
      ? `尾号 ${phone.slice(-4)}`
      : qq
        ? `QQ 尾号 ${qq.slice(-4)}`
        : wechat && `微信 ${wechat}`
    : null;
  return [
    name,
    contact,
    sayCourses(courses.map(({ course }) => course.name)),
    `接单 ${sayDay(dayFromDb(receivedOn), today)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
