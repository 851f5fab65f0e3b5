import { fixedParams } from '../access/access.ts';
import { personOf } from '../kernel/actor.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import { claimed } from './notices.ts';
import { refuse } from './phrases.ts';
import { type CustomerFile, countPool, notFound, readFile } from './queries.ts';
import { mayClaim } from './rules.ts';
import { visiblePool } from './visibility.ts';

type Claimed = {
  customerId: number;
  version: number;
  assignmentId: number;
  receivedOn: SchoolDay;
  lastContactedOn: SchoolDay;
  nextContactOn: SchoolDay | null;
  pooledAt: Date;
  poolReason: string;
  lastConsultantId: number | null;
};

/** What taking a claim back needs: the row as it was, and the version the claim left. */
export type ClaimKept = Omit<Claimed, 'pooledAt'> & { pooledAt: string };

export type ClaimOutcome = { file: CustomerFile; noContactDays: number; kept: ClaimKept };

/**
 * Gives a pool customer to the consultant who asks (rules 1 and 3): received and contacted today, a new `following`
 * row, the whole file and earlier notes. Who lost it last is told.
 * @throws Refusal `already_claimed` with the holder's name, `lost_it_last`, `not_in_pool`, `quota_reached`, `not_found`
 */
export async function claimCustomer(scope: Scope, { customerId }: { customerId: number }): Promise<ClaimOutcome> {
  const { tx, actor, tell } = scope;
  const consultantId = personOf(actor);
  const settings = await readSettings(tx);
  await keepToRole(scope, customerId);
  // A statement counts what was committed when it began, so one consultant's claims queue up here while a cap is set.
  if (settings.claimsADay !== null || settings.followingCap !== null)
    await tx.$queryRaw`SELECT id FROM "Person" WHERE id = ${consultantId} FOR NO KEY UPDATE`;

  const taken = await claim(scope, { customerId, consultantId }, settings);
  if (!taken) throw await whyNot(scope, customerId, settings);
  const { lastConsultantId, assignmentId, pooledAt } = taken;
  const file = await readFile(scope, customerId);
  if (lastConsultantId !== null)
    await tell(
      claimed.to(lastConsultantId, { customer: file.row.name, by: actor.name }, { once: `claimed:${assignmentId}` }),
    );
  return { file, noContactDays: settings.noContactDays, kept: { ...taken, pooledAt: pooledAt.toISOString() } };
}

/**
 * One statement decides: of any number at once exactly one gets a row back. Reading first and writing after would let
 * all of them win.
 */
async function claim(
  { tx, now, today }: Scope,
  { customerId, consultantId }: { customerId: number; consultantId: number },
  { claimsADay, followingCap }: Pick<Settings, 'claimsADay' | 'followingCap'>,
): Promise<Claimed | undefined> {
  const [claimed] = await tx.$queryRaw<Claimed[]>`
    WITH picked AS (
      SELECT id, "receivedOn", "lastContactedOn", "nextContactOn", "pooledAt", "poolReason", "lastConsultantId"
      FROM "Customer"
      WHERE id = ${customerId} AND "consultantId" IS NULL AND status = 'notEnrolled'
        AND "lastConsultantId" IS DISTINCT FROM ${consultantId}::int
        AND (${claimsADay}::int IS NULL OR ${claimsADay}::int > (
          SELECT count(*) FROM "Assignment"
          WHERE "consultantId" = ${consultantId} AND date = ${today}::date AND origin = 'claimed' AND state <> 'undone'))
        AND (${followingCap}::int IS NULL OR ${followingCap}::int > (
          SELECT count(*) FROM "Assignment" WHERE "consultantId" = ${consultantId} AND state = 'following'))
      FOR UPDATE
    ), claimed AS (
      UPDATE "Customer" c
      SET "consultantId" = ${consultantId}, "receivedOn" = ${today}::date, "lastContactedOn" = ${today}::date,
        "nextContactOn" = NULL, "pooledAt" = NULL, "poolReason" = NULL, version = c.version + 1, "updatedAt" = ${now}
      FROM picked WHERE c.id = picked.id
      RETURNING c.id, c.version
    ), following AS (
      INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "createdAt", "updatedAt")
      SELECT id, ${consultantId}, ${today}::date, 'following', 'claimed', ${now}, ${now} FROM claimed
      RETURNING id
    )
    SELECT picked.id AS "customerId", claimed.version, following.id AS "assignmentId",
      picked."receivedOn"::text, picked."lastContactedOn"::text, picked."nextContactOn"::text, picked."pooledAt",
      picked."poolReason"::text, picked."lastConsultantId"
    FROM picked, claimed, following`;
  return claimed;
}

/** A role that may claim only from some sources does not even see the others. */
async function keepToRole({ tx, actor }: Scope, customerId: number): Promise<void> {
  if (!fixedParams(actor, 'customers.claim')) return;
  const inPool = await tx.customer.findFirst({ where: { id: customerId, consultantId: null }, select: { id: true } });
  if (!inPool) return;
  const visible = await tx.customer.count({ where: { id: customerId, ...visiblePool(actor, 'customers.claim') } });
  if (visible === 0) throw notFound();
}

/** Reads only now, to word the refusal. Somebody else's customer is named only to those who just lost the race for it. */
async function whyNot(scope: Scope, id: number, { claimsADay, followingCap }: Settings): Promise<Refusal> {
  const { tx, actor, today, channel } = scope;
  const me = personOf(actor);
  const customer = await tx.customer.findUnique({
    where: { id },
    select: {
      name: true,
      status: true,
      consultantId: true,
      lastConsultantId: true,
      consultant: { select: { name: true } },
      assignments: { where: { state: 'following' }, select: { origin: true, date: true } },
    },
  });
  if (!customer) return notFound();
  const { name, consultant, assignments } = customer;
  const why = mayClaim(customer, me);
  if (why === 'lost_it_last') return refuse.lost_it_last({ name });
  if (why === 'not_in_pool') {
    if (customer.consultantId === me) return refuse.not_in_pool({ name, mine: true });
    const [following] = assignments;
    if (consultant && following?.origin === 'claimed')
      return refuse.already_claimed({
        name,
        holder: consultant.name,
        left: await countPool(tx, actor),
        inChat: channel === 'chat' || channel === 'bot',
      });
    return refuse.not_in_pool({ name: null, mine: false });
  }
  const following = await tx.assignment.count({ where: { consultantId: me, state: 'following' } });
  if (followingCap !== null && following >= followingCap)
    return refuse.quota_reached({ kind: 'following', cap: followingCap });
  if (claimsADay !== null) {
    const claims = await tx.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM "Assignment"
      WHERE "consultantId" = ${me} AND date = ${today}::date AND origin = 'claimed' AND state <> 'undone'`;
    if ((claims[0]?.count ?? 0) >= claimsADay) return refuse.quota_reached({ kind: 'day', cap: claimsADay });
  }
  return refuse.changed_meanwhile({ name });
}
