import type { EnterCustomer } from '../customers/index.ts';
import type { Scope } from '../kernel/scope.ts';

/** One customer to be stored and who gets it, by which turn where the rota decided; null is the pool. */
export type Placed = { input: EnterCustomer; to: { turnId: string | null; consultantId: number } | null };

/**
 * Writes many customers in one statement, received and contacted today, each with its holder or in the pool. Answers
 * their ids in the order given; null where QQ, phone or WeChat id is another customer's by now. No key is given twice.
 */
export async function insertCustomers(
  { tx, now, today, actor }: Scope,
  placed: readonly Placed[],
): Promise<(number | null)[]> {
  const rows = placed.map(({ input, to }, ord) => ({ ...input, ord, consultantId: to?.consultantId ?? null }));
  const inserted = await tx.$queryRaw<({ id: number } & Contacts)[]>`
    INSERT INTO "Customer" (name, qq, phone, wechat, gender, education, "graduationSchool", major, experience,
      "workStatus", company, salary, source, "referralStudentId", memo, "consultantId", "enteredOn", "enteredById",
      "receivedOn", "lastContactedOn", "pooledAt", "poolReason", "createdAt", "updatedAt")
    SELECT r.name, r.qq, r.phone, r.wechat, r.gender, r.education, r."graduationSchool", r.major, r.experience,
      r."workStatus", r.company, r.salary, r.source, r."referralId", r.memo, r."consultantId", ${today}::date,
      ${actor.id}::int, ${today}::date, ${today}::date,
      CASE WHEN r."consultantId" IS NULL THEN ${now}::timestamptz END,
      CASE WHEN r."consultantId" IS NULL THEN 'unassigned'::"PoolReason" END, ${now}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      ord int, name text, qq text, phone text, wechat text, gender "Gender", education "Education",
      "graduationSchool" text, major text, experience "Experience", "workStatus" "WorkStatus", company text,
      salary text, source "Source", "referralId" int, memo text, "consultantId" int)
    ORDER BY r.ord
    ON CONFLICT DO NOTHING
    RETURNING id, qq, phone, wechat`;
  const ids = new Map(inserted.map((row) => [keyOf(row), row.id]));
  return placed.map(({ input }) => ids.get(keyOf(input)) ?? null);
}

/** The courses they asked about, in one statement; courses that are gone by now are left out. */
export async function insertCourses(
  { tx }: Scope,
  asked: readonly { customerId: number; courseIds: readonly number[] }[],
): Promise<void> {
  const rows = asked.flatMap(({ customerId, courseIds }) => courseIds.map((courseId) => ({ customerId, courseId })));
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "CustomerCourse" ("customerId", "courseId")
    SELECT r."customerId", c.id
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("customerId" int, "courseId" int)
    JOIN "Course" c ON c.id = r."courseId"
    ON CONFLICT DO NOTHING`;
}

/** The rows that say who follows them from today by which turn, in one statement; their ids by customer. */
export async function insertAssignments(
  { tx, now, today }: Scope,
  assigned: readonly { customerId: number; consultantId: number; turnId: string | null }[],
): Promise<Map<number, number>> {
  if (assigned.length === 0) return new Map();
  const inserted = await tx.$queryRaw<{ id: number; customerId: number }[]>`
    INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "turnId", "createdAt", "updatedAt")
    SELECT r."customerId", r."consultantId", ${today}::date, 'following', 'assigned', r."turnId", ${now}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(assigned)}::jsonb) AS r("customerId" int, "consultantId" int, "turnId" text)
    ORDER BY r."customerId"
    RETURNING id, "customerId"`;
  return new Map(inserted.map(({ id, customerId }) => [customerId, id]));
}

type Contacts = {
  qq?: string | null | undefined;
  phone?: string | null | undefined;
  wechat?: string | null | undefined;
};

function keyOf({ qq, phone, wechat }: Contacts): string {
  return JSON.stringify([qq ?? null, phone ?? null, wechat ?? null]);
}
