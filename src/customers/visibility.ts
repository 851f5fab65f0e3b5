import { fixedParams, rowScope } from '../access/access.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { Phone, Qq, WechatId } from '../kernel/normal/fields.ts';
import { phonePart } from '../kernel/normal/phone.ts';
import { halfWidth } from '../kernel/normal/text.ts';

type CustomerWhere = Prisma.CustomerWhereInput;

/** No row has this number: what somebody without the permission sees. */
const NOBODY = { id: -1 };

/** The customers somebody holds by their scope: their own, their department's or campus', all that are held (rule 1). */
export function heldBy(actor: Actor, permission = 'customers.list'): CustomerWhere {
  return { AND: [within(actor, permission), { consultantId: { not: null } }, fixed(actor, permission)] };
}

/** The customers somebody may know of: those held within their scope, and the pool (rule 1). */
export function visibleCustomers(actor: Actor, permission = 'customers.list'): CustomerWhere {
  // Prisma takes an empty condition inside OR for none, not for any.
  if (rowScope(actor, permission) === 'all') return { AND: [fixed(actor, permission)] };
  return { AND: [{ OR: [{ consultantId: null }, within(actor, permission)] }, fixed(actor, permission)] };
}

/** The pool as somebody may see it: all of it, but for a role's fixed parameters. */
export function visiblePool(actor: Actor, permission = 'customers.list'): CustomerWhere {
  return { AND: [{ consultantId: null }, rowScope(actor, permission) ? {} : NOBODY, fixed(actor, permission)] };
}

/** Whether contact fields of a visible customer are shown to somebody: to the holder, and from department scope up. */
export function seesContacts(actor: Actor, { consultantId }: { consultantId: number | null }): boolean {
  if (consultantId !== null && consultantId === actor.id) return true;
  const scope = rowScope(actor, 'customers.list');
  return scope !== null && scope !== 'own';
}

/**
 * What a search text finds among visible customers: names always; contacts only where the reader sees them, so that a
 * masked reader cannot try numbers out (rule 1).
 */
export function searchCustomers(actor: Actor, q: string): CustomerWhere {
  const text = q.trim();
  const name: CustomerWhere = { name: namedLike(text) };
  const contacts = searchContacts(text);
  if (contacts.length === 0) return name;
  return { OR: [name, { OR: contacts, ...ofSeenContacts(actor) }] };
}

/** Names hold the text; a single sign must begin them, as everybody called 王 is looked for and nobody with 小 inside. */
export function namedLike(text: string): { contains: string } | { startsWith: string } {
  return [...text].length > 1 ? { contains: text } : { startsWith: text };
}

/** Customers with just this contact, written in any way, as far as the reader sees contacts (rule 1). */
export function withContact(name: 'qq' | 'phone' | 'wechat', values: readonly string[], actor: Actor): CustomerWhere {
  const written = values.map((value) => CONTACTS[name].safeParse(value).data ?? value);
  return { [name]: { in: written }, ...ofSeenContacts(actor) };
}

const CONTACTS = { qq: Qq, phone: Phone, wechat: WechatId } as const;

/** Those whose contacts the reader sees: from department scope up all visible ones, else one's own. */
function ofSeenContacts(actor: Actor): CustomerWhere {
  const scope = rowScope(actor, 'customers.list');
  return scope && scope !== 'own' ? {} : { consultantId: actor.id ?? -1 };
}

/** A number is looked for as stored, however it is written (`phonePart`). */
function searchContacts(text: string): CustomerWhere[] {
  const plain = halfWidth(text).replace(/\s/g, '').toLowerCase();
  const phone = phonePart(text);
  const found: CustomerWhere[] = [];
  if (/^\d{3,12}$/.test(plain)) found.push({ qq: { contains: plain } });
  if (phone !== null && phone.length >= 3) found.push({ phone: { contains: phone } });
  if (/^[a-z0-9_-]{3,20}$/.test(plain)) found.push({ wechat: { contains: plain } });
  return found;
}

/**
 * Rows of consultants within somebody's scope, for every model that names its `consultant`: customers, history, notes.
 * With scope `all` the condition is empty; Prisma takes that inside OR for none.
 */
export function within(
  actor: Actor,
  permission: string,
): CustomerWhere & Prisma.AssignmentWhereInput & Prisma.FollowUpWhereInput {
  const own = { consultantId: actor.id ?? -1 };
  const { departmentId, campusId } = actor;
  switch (rowScope(actor, permission)) {
    case 'all':
      return {};
    case 'campus':
      return campusId === null ? own : { OR: [own, { consultant: { staff: { campusId } } }] };
    case 'department':
      return departmentId === null ? own : { OR: [own, { consultant: { staff: { departmentId } } }] };
    case 'own':
      return own;
    default:
      return NOBODY;
  }
}

/** A role may see only source qq群, only 未报名: its fixed parameters as conditions. */
function fixed(actor: Actor, permission: string): CustomerWhere {
  const params = fixedParams(actor, permission) ?? {};
  return Object.fromEntries(Object.entries(params).map(([field, values]) => [field, { in: [...values] }]));
}
