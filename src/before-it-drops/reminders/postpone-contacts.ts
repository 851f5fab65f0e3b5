import { dropsOn, refuse as refuseCustomer } from '../../customers/index.ts';
import { personOf } from '../../kernel/actor.ts';
import { defineRefusals } from '../../kernel/refusal.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { readSettings } from '../../settings/index.ts';

export const refuse = defineRefusals({
  nothing_to_postpone: {
    status: 409,
    say: () => '这几位今天都不用再提醒了：已经联系过，或者不在你手上了',
  },
  not_later: { status: 422, say: ({ day }: { day: string }) => `${day}不是以后的日子，改到哪一天？写成「1 明天」这样` },
  no_reminder: {
    status: 404,
    say: () => '今天没有要改时间的提醒。想改下次联系，跟进时写上日子就行，比如「跟进 1 约了周五」',
  },
});

type Moved = {
  customerId: number;
  name: string;
  version: number;
  nextContactOn: SchoolDay | null;
  receivedOn: SchoolDay;
  lastContactedOn: SchoolDay;
  enrolled: boolean;
};

/** What taking it back needs. */
export type PostponeKept = Pick<Moved, 'customerId' | 'version' | 'nextContactOn'>[];

export type Postponed = { names: string[]; day: SchoolDay; atRisk: string[]; kept: PostponeKept };

/**
 * Moves the next contact with one's customers to another day. `atRisk` names those who will have dropped by then.
 * @throws Refusal `nothing_to_postpone` where none of them is one's own any more
 */
export async function postponeContacts(
  { tx, now, actor }: Scope,
  { customerIds, day }: { customerIds: readonly number[]; day: SchoolDay },
): Promise<Postponed> {
  const moved = await tx.$queryRaw<Moved[]>`
    WITH held AS (
      SELECT id, "nextContactOn" FROM "Customer"
      WHERE id = ANY(${[...customerIds]}::int[]) AND "consultantId" = ${personOf(actor)} AND "nextContactOn" < ${day}::date
      ORDER BY id FOR UPDATE
    )
    UPDATE "Customer" c SET "nextContactOn" = ${day}::date, version = c.version + 1, "updatedAt" = ${now}
    FROM held WHERE c.id = held.id
    RETURNING c.id AS "customerId", c.name, c.version, held."nextContactOn"::text, c."receivedOn"::text,
      c."lastContactedOn"::text, c.status = 'enrolled' AS enrolled`;
  if (moved.length === 0) throw refuse.nothing_to_postpone();
  const inOrder = customerIds.flatMap((id) => moved.find(({ customerId }) => customerId === id) ?? []);
  const settings = await readSettings(tx);
  return {
    names: inOrder.map(({ name }) => name),
    day,
    atRisk: inOrder.filter((one) => !one.enrolled && dropsOn(one, settings).day <= day).map(({ name }) => name),
    kept: inOrder.map(({ customerId, version, nextContactOn }) => ({ customerId, version, nextContactOn })),
  };
}

/**
 * Takes it back: every next contact is what it was.
 * @throws Refusal `changed_since` where something later touched one of the customers
 */
export async function undoPostpone({ tx, now }: Scope, kept: PostponeKept): Promise<{ names: string[] }> {
  const restored = await tx.$queryRaw<{ name: string }[]>`
    UPDATE "Customer" c SET "nextContactOn" = r."nextContactOn", version = c.version - 1, "updatedAt" = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) AS r("customerId" int, version int, "nextContactOn" date)
    WHERE c.id = r."customerId" AND c.version = r.version
    RETURNING c.name`;
  if (restored.length < kept.length) throw refuseCustomer.changed_since({ name: null });
  return { names: restored.map(({ name }) => name) };
}
