import { Prisma } from '../../generated/prisma/client.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { ComingSweep } from './coming-sweep.ts';

/** More than these of one consultant are counted, not listed. */
export const MOST_LISTED = 200;

/** A customer the coming sweep will take. */
export type AboutToDrop = {
  id: number;
  name: string;
  consultantId: number;
  /** At the limit for a deal: no contact saves it any more. */
  noDeal: boolean;
  lastContactedOn: SchoolDay;
  receivedOn: SchoolDay;
  /** As the holder sees it. */
  phone: string | null;
  qq: string | null;
  wechat: string | null;
  course: string | null;
  lastNote: string | null;
};

/** What one consultant will lose: those a contact today saves, those it does not, and how many there are of each. */
export type OwnDrops = { savable: AboutToDrop[]; lost: AboutToDrop[]; savableCount: number; lostCount: number };

/** The condition the sweep will go by, for a customer `c`; it is the sweep's own, seen from before. */
export function dueAt({ contactedBefore, receivedBefore }: ComingSweep): Prisma.Sql {
  return Prisma.sql`c."consultantId" IS NOT NULL AND c.status = 'notEnrolled'
    AND (c."receivedOn" < ${receivedBefore}::date OR c."lastContactedOn" < ${contactedBefore}::date)`;
}

/**
 * What the coming sweep will take from each of these consultants, longest silent first; of one consultant at most two
 * hundred of each kind. With a sweep so far off that a contact today does not save, nobody counts as savable.
 */
export async function findAboutToDrop(
  { tx, today }: Pick<Scope, 'tx' | 'today'>,
  sweep: ComingSweep,
  consultantIds: readonly number[],
): Promise<Map<number, OwnDrops>> {
  const rows = await tx.$queryRaw<(AboutToDrop & { count: number })[]>`
    WITH due AS (
      SELECT c.id, c.name, c.phone, c.qq, c.wechat, c."consultantId", c."lastContactedOn", c."receivedOn", l."noDeal",
        row_number() OVER (PARTITION BY c."consultantId", l."noDeal" ORDER BY c."lastContactedOn", c.id) AS place,
        (count(*) OVER (PARTITION BY c."consultantId", l."noDeal"))::int AS count
      FROM "Customer" c, LATERAL (SELECT c."receivedOn" < ${sweep.receivedBefore}::date
        OR ${today < sweep.contactedBefore} AS "noDeal") l
      WHERE c."consultantId" = ANY(${[...consultantIds]}::int[]) AND ${dueAt(sweep)}
    )
    SELECT due.id, due.name, due.phone, due.qq, due.wechat, due."consultantId", due."noDeal", due.count, due."lastContactedOn"::text,
      due."receivedOn"::text,
      (SELECT co.name FROM "CustomerCourse" cc JOIN "Course" co ON co.id = cc."courseId"
        WHERE cc."customerId" = due.id ORDER BY cc.id LIMIT 1) AS course,
      (SELECT f.note FROM "FollowUp" f WHERE f."customerId" = due.id ORDER BY f.id DESC LIMIT 1) AS "lastNote"
    FROM due WHERE due.place <= ${MOST_LISTED} ORDER BY due."consultantId", due.place`;
  const drops = new Map<number, OwnDrops>();
  for (const { count, ...customer } of rows) {
    const own = drops.get(customer.consultantId) ?? { savable: [], lost: [], savableCount: 0, lostCount: 0 };
    drops.set(customer.consultantId, own);
    own[customer.noDeal ? 'lost' : 'savable'].push(customer);
    own[customer.noDeal ? 'lostCount' : 'savableCount'] = count;
  }
  return drops;
}

/** How many each consultant will lose, most first; `lost` of them no contact saves. */
export type TeamCount = {
  consultantId: number;
  name: string;
  departmentId: number | null;
  campusId: number | null;
  count: number;
  lost: number;
};

/** Counts what the coming sweep will take, per consultant. */
export async function countAboutToDrop({ tx }: Pick<Scope, 'tx'>, sweep: ComingSweep): Promise<TeamCount[]> {
  return tx.$queryRaw<TeamCount[]>`
    SELECT p.id AS "consultantId", p.name, s."departmentId", s."campusId", n.count, n.lost
    FROM (
      SELECT c."consultantId", count(*)::int AS count,
        (count(*) FILTER (WHERE c."receivedOn" < ${sweep.receivedBefore}::date))::int AS lost
      FROM "Customer" c WHERE ${dueAt(sweep)} GROUP BY c."consultantId"
    ) n JOIN "Person" p ON p.id = n."consultantId" LEFT JOIN "Staff" s ON s."personId" = p.id
    ORDER BY n.count DESC, p.id`;
}
