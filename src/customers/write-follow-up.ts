import type { CustomerStatus } from '../generated/prisma/client.ts';
import { personOf } from '../kernel/actor.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { refuse, shorten } from './phrases.ts';
import { findHeld } from './queries.ts';
import { dropsOn } from './rules.ts';
import { type Touched, tellHolder, untellHolder } from './tell-holder.ts';
import { nameOf } from './undo-claim.ts';

type Written = {
  followUpId: number;
  version: number;
  lastContactedOn: SchoolDay;
  nextContactOn: SchoolDay | null;
  nextNow: SchoolDay | null;
  receivedOn: SchoolDay;
  status: CustomerStatus;
};

/** What taking a follow-up back needs. */
export type FollowUpKept = Pick<Written, 'followUpId' | 'version' | 'lastContactedOn' | 'nextContactOn'> & {
  customerId: number;
  /** Missing in what was kept before holders were told. */
  holderId?: number;
};

export type FollowUpOutcome = {
  followUpId: number;
  customerId: number;
  name: string;
  /** Who holds the customer; a head writes on somebody else's. */
  holder: { id: number; name: string };
  note: string;
  nextContactOn: SchoolDay | null;
  /** When the sweep would take the customer now; null for enrolled ones. */
  drop: ReturnType<typeof dropsOn> | null;
  kept: FollowUpKept;
};

/**
 * Notes a contact with a customer: it was contacted today, in the same transaction (follow-up). An appointment still to
 * come stays where no new one is named. Own customers, or those of a wider scope.
 * @throws Refusal `in_pool`, `not_found`, `changed_meanwhile`, `invalid_fields` for a next contact in the past
 */
export async function writeFollowUp(
  scope: Scope,
  { customerId, note, nextContactOn }: { customerId: number; note: string; nextContactOn?: SchoolDay | undefined },
): Promise<FollowUpOutcome> {
  const { tx, now, today, actor } = scope;
  if (nextContactOn !== undefined && nextContactOn < today)
    throw invalidFields({ nextContactOn: '下次联系要从今天起' });
  const held = await findHeld(scope, customerId, 'customers.followUp', '跟进');
  const [written] = await tx.$queryRaw<Written[]>`
    WITH held AS (
      SELECT id, "lastContactedOn", "nextContactOn" FROM "Customer"
      WHERE id = ${customerId} AND "consultantId" = ${held.consultantId}
      FOR UPDATE
    ), contacted AS (
      UPDATE "Customer" c
      SET "lastContactedOn" = ${today}::date, version = c.version + 1, "updatedAt" = ${now},
        "nextContactOn" = coalesce(${nextContactOn ?? null}::date, CASE WHEN c."nextContactOn" > ${today}::date THEN c."nextContactOn" END)
      FROM held WHERE c.id = held.id
      RETURNING c.id, c.version, c."nextContactOn", c."receivedOn", c.status
    ), written AS (
      INSERT INTO "FollowUp" ("customerId", "consultantId", date, note, "nextContactOn", "createdAt")
      SELECT id, ${personOf(actor)}, ${today}::date, ${note}, ${nextContactOn ?? null}::date, ${now} FROM contacted
      RETURNING id
    )
    SELECT written.id AS "followUpId", contacted.version, held."lastContactedOn"::text, held."nextContactOn"::text,
      contacted."nextContactOn"::text AS "nextNow", contacted."receivedOn"::text, contacted.status::text AS status
    FROM held, contacted, written`;
  if (!written) throw refuse.changed_meanwhile({ name: held.name });
  const { followUpId, version, lastContactedOn, receivedOn, status } = written;
  await tellHolder(scope, touched(held.name, note, { customerId, followUpId, holderId: held.consultantId }));
  return {
    followUpId,
    customerId,
    name: held.name,
    holder: { id: held.consultantId, name: held.consultantName },
    note,
    nextContactOn: written.nextNow,
    drop: status === 'enrolled' ? null : dropsOn({ receivedOn, lastContactedOn: today }, await readSettings(tx)),
    kept: {
      customerId,
      followUpId,
      version,
      lastContactedOn,
      nextContactOn: written.nextContactOn,
      holderId: held.consultantId,
    },
  };
}

/**
 * Takes a follow-up back: the note goes, and last and next contact are what they were.
 * @throws Refusal `changed_since` where something later touched the customer
 */
export async function undoFollowUp(scope: Scope, kept: FollowUpKept): Promise<{ name: string }> {
  const { tx, now } = scope;
  const [restored] = await tx.$queryRaw<{ name: string }[]>`
    WITH back AS (
      UPDATE "Customer"
      SET "lastContactedOn" = ${kept.lastContactedOn}::date, "nextContactOn" = ${kept.nextContactOn}::date,
        version = version - 1, "updatedAt" = ${now}
      WHERE id = ${kept.customerId} AND version = ${kept.version}
      RETURNING name
    ), gone AS (
      DELETE FROM "FollowUp" WHERE id = ${kept.followUpId} AND EXISTS (SELECT 1 FROM back)
    )
    SELECT name FROM back`;
  if (!restored) throw refuse.changed_since({ name: await nameOf(tx, kept.customerId) });
  await untellHolder(scope, touched(restored.name, '', { ...kept, holderId: kept.holderId ?? null }));
  return restored;
}

/**
 * Takes all follow-ups of one message back, the last first.
 * @throws Refusal `changed_since` where something later touched one of the customers
 */
export async function undoFollowUps(scope: Scope, kept: readonly FollowUpKept[]): Promise<{ names: string[] }> {
  const names: string[] = [];
  for (const one of [...kept].reverse()) names.unshift((await undoFollowUp(scope, one)).name);
  return { names: [...new Set(names)] };
}

const LONGEST_TOLD = 60;

function touched(
  customer: string,
  note: string,
  { customerId, followUpId, holderId }: { customerId: number; followUpId: number; holderId: number | null },
): Touched {
  const what = `给${customer}记了跟进${note && `：${shorten(note, LONGEST_TOLD)}`}`;
  return { customerId, customer, holderId, what, once: `followUp:${followUpId}` };
}
