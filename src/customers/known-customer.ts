import type { Actor } from '../kernel/actor.ts';
import type { Notice } from '../kernel/notice.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { askedAgain, customerSubject } from './notices.ts';
import { refuse } from './phrases.ts';

/** The ways to reach somebody, as normalised; each belongs to one customer. */
export type Contacts = {
  qq?: string | null | undefined;
  phone?: string | null | undefined;
  wechat?: string | null | undefined;
};

/** A customer we know already, by one of its contacts. */
export type KnownCustomer = {
  id: number;
  name: string;
  qq: string | null;
  phone: string | null;
  wechat: string | null;
  consultant: { id: number; name: string } | null;
};

/**
 * The customers behind any of these contacts, in one statement however many are asked for. Three lists go as three
 * values: thousands of single ones take longer to put into a query than to look up. Each is looked up by its index even
 * in a plan that was kept from the day the school had no customers.
 */
export async function findKnown(tx: Tx, contacts: readonly Contacts[], exceptId?: number): Promise<KnownCustomer[]> {
  const given = (key: keyof Contacts) => contacts.flatMap((one) => one[key] ?? []);
  const found = await tx.$queryRaw<
    (Omit<KnownCustomer, 'consultant'> & { consultantId: number | null; consultantName: string | null })[]
  >`
    WITH found AS (
      SELECT f.* FROM unnest(${given('qq')}::text[]) AS k(value), LATERAL (
        SELECT id, name, qq, phone, wechat, "consultantId" FROM "Customer" WHERE qq = k.value LIMIT 1) f
      UNION SELECT f.* FROM unnest(${given('phone')}::text[]) AS k(value), LATERAL (
        SELECT id, name, qq, phone, wechat, "consultantId" FROM "Customer" WHERE phone = k.value LIMIT 1) f
      UNION SELECT f.* FROM unnest(${given('wechat')}::text[]) AS k(value), LATERAL (
        SELECT id, name, qq, phone, wechat, "consultantId" FROM "Customer" WHERE wechat = k.value LIMIT 1) f
    )
    SELECT found.*, p.name AS "consultantName" FROM found LEFT JOIN "Person" p ON p.id = found."consultantId"
    WHERE found.id IS DISTINCT FROM ${exceptId ?? null}::int
    ORDER BY found.id`;
  return found.map(({ consultantId: id, consultantName: name, ...customer }) => ({
    ...customer,
    consultant: id === null || name === null ? null : { id, name },
  }));
}

/**
 * Refuses to enter somebody we know, before any turn is taken (rule 6). The sentence names who is responsible, nothing
 * else of the file; each holder but the one entering is told that the customer asked again.
 * @throws Refusal `duplicate`
 */
export async function refuseKnown(
  scope: Pick<Scope, 'tx' | 'actor' | 'channel' | 'today'>,
  contacts: Contacts,
): Promise<void> {
  const known = await findKnown(scope.tx, [contacts]);
  if (known.length > 0) throw duplicate(scope, known);
}

/** The refusal for a known customer, or for two whose contacts were mixed. */
export function duplicate(
  { actor, channel, today }: Pick<Scope, 'actor' | 'channel' | 'today'>,
  known: readonly KnownCustomer[],
): Refusal {
  const inChat = channel === 'chat' || channel === 'bot';
  return refuse.duplicate({ text: sayKnown(known, actor.id, inChat) }).telling(...tellHolders(known, actor, today));
}

/** Who is responsible for somebody known, in one sentence; without doors' words where nobody can answer (sheets). */
export function sayKnown(known: readonly KnownCustomer[], readerId: number | null, inChat = false): string {
  const [first] = known;
  if (!first) return '';
  if (known.length > 1)
    return `填的联系方式属于${known.length === 2 ? '两' : known.length}位不同的客户：${known.map((one) => sayHolder(one, readerId)).join('，')}。核对一下再录入`;
  if (!first.consultant)
    return `${first.name}已经在公海里，不用再录入，${inChat ? `回复「公海 ${first.name}」找到就能抢` : '到公海里抢就行'}`;
  if (first.consultant.id === readerId) return `${first.name}已经是你的客户了，直接跟进就好`;
  return `这位客户已经由${first.consultant.name}负责，已告诉${first.consultant.name}客户又来咨询了`;
}

function sayHolder({ consultant }: KnownCustomer, readerId: number | null): string {
  if (!consultant) return '一位在公海';
  return consultant.id === readerId ? '一位是你的' : `一位由${consultant.name}负责`;
}

/** Told once a day for each customer and asker, however often the form is sent. */
function tellHolders(known: readonly KnownCustomer[], actor: Actor, today: string): Notice[] {
  return known.flatMap(({ id, name, consultant }) =>
    consultant === null || consultant.id === actor.id
      ? []
      : [
          askedAgain.to(
            consultant.id,
            { customer: name, by: actor.name },
            { once: `duplicate:${id}:${actor.id ?? 'system'}:${today}`, about: customerSubject.of(id) },
          ),
        ],
  );
}
