import type { Scope } from '../kernel/scope.ts';
import type { EnterCustomer } from './schema.ts';

/** What is known anew of a customer; `at` is only given back. */
export type Filling = { at: number; customerId: number; input: EnterCustomer };

/**
 * Fills what stands empty in the files of customers we know, and nothing else: what is there stays, a contact that is
 * somebody else's is left out. Work status and source are never empty. Answers those (`at`) that had something to fill.
 */
export async function fillEmpty(scope: Scope, fillings: readonly Filling[]): Promise<Set<number>> {
  const filled = new Set<number>();
  // Two for one customer, or with one contact, one after the other: within a statement neither would see the other.
  for (let left = [...fillings]; left.length > 0; ) {
    const { now, later } = nextApart(left);
    const changed = await fillOnce(scope, now);
    for (const { at, customerId } of now) if (changed.has(customerId)) filled.add(at);
    left = later;
  }
  return filled;
}

function nextApart(fillings: readonly Filling[]): { now: Filling[]; later: Filling[] } {
  const seen = new Set<string>();
  const now: Filling[] = [];
  const later: Filling[] = [];
  for (const filling of fillings) {
    const { qq, phone, wechat } = filling.input;
    const keys = [`c${filling.customerId}`, qq && `q${qq}`, phone && `p${phone}`, wechat && `w${wechat}`];
    const isApart = keys.every((key) => !key || !seen.has(key));
    for (const key of keys) if (key) seen.add(key);
    (isApart ? now : later).push(filling);
  }
  return { now, later };
}

async function fillOnce(scope: Scope, fillings: readonly Filling[]): Promise<Set<number>> {
  const { tx, now } = scope;
  const asked = await fillCourses(scope, fillings);
  const rows = fillings.map(({ customerId, input }) => ({ ...input, customerId, asked: asked.has(customerId) }));
  const changed = await tx.$queryRaw<{ id: number }[]>`
    WITH given AS (
      SELECT r."customerId", r.asked, r.gender, r.education, r."graduationSchool", r.major, r.experience, r.company,
        r.salary, r."referralId", r.memo,
        CASE WHEN NOT EXISTS (SELECT 1 FROM "Customer" o WHERE o.qq = r.qq) THEN r.qq END AS qq,
        CASE WHEN NOT EXISTS (SELECT 1 FROM "Customer" o WHERE o.phone = r.phone) THEN r.phone END AS phone,
        CASE WHEN NOT EXISTS (SELECT 1 FROM "Customer" o WHERE o.wechat = r.wechat) THEN r.wechat END AS wechat
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
        "customerId" int, asked boolean, qq text, phone text, wechat text, gender "Gender", education "Education",
        "graduationSchool" text, major text, experience "Experience", company text, salary text, "referralId" int,
        memo text)
    )
    UPDATE "Customer" c SET qq = COALESCE(c.qq, g.qq), phone = COALESCE(c.phone, g.phone),
      wechat = COALESCE(c.wechat, g.wechat), gender = COALESCE(c.gender, g.gender),
      education = COALESCE(c.education, g.education),
      "graduationSchool" = COALESCE(c."graduationSchool", g."graduationSchool"), major = COALESCE(c.major, g.major),
      experience = COALESCE(c.experience, g.experience), company = COALESCE(c.company, g.company),
      salary = COALESCE(c.salary, g.salary), "referralStudentId" = COALESCE(c."referralStudentId", g."referralId"),
      memo = COALESCE(c.memo, g.memo), version = c.version + 1, "updatedAt" = ${now}
    FROM given g
    WHERE c.id = g."customerId" AND (g.asked
      OR c.qq IS NULL AND g.qq IS NOT NULL OR c.phone IS NULL AND g.phone IS NOT NULL
      OR c.wechat IS NULL AND g.wechat IS NOT NULL OR c.gender IS NULL AND g.gender IS NOT NULL
      OR c.education IS NULL AND g.education IS NOT NULL
      OR c."graduationSchool" IS NULL AND g."graduationSchool" IS NOT NULL
      OR c.major IS NULL AND g.major IS NOT NULL OR c.experience IS NULL AND g.experience IS NOT NULL
      OR c.company IS NULL AND g.company IS NOT NULL OR c.salary IS NULL AND g.salary IS NOT NULL
      OR c."referralStudentId" IS NULL AND g."referralId" IS NOT NULL OR c.memo IS NULL AND g.memo IS NOT NULL)
    RETURNING c.id`;
  return new Set(changed.map(({ id }) => id));
}

/** Courses for those who asked about none so far; answers who got some. */
async function fillCourses({ tx }: Scope, fillings: readonly Filling[]): Promise<Set<number>> {
  const rows = fillings.flatMap(({ customerId, input }) =>
    input.courseIds.map((courseId) => ({ customerId, courseId })),
  );
  if (rows.length === 0) return new Set();
  const asked = await tx.$queryRaw<{ customerId: number }[]>`
    INSERT INTO "CustomerCourse" ("customerId", "courseId")
    SELECT r."customerId", c.id
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("customerId" int, "courseId" int)
    JOIN "Course" c ON c.id = r."courseId"
    WHERE NOT EXISTS (SELECT 1 FROM "CustomerCourse" o WHERE o."customerId" = r."customerId")
    ON CONFLICT DO NOTHING
    RETURNING "customerId"`;
  return new Set(asked.map(({ customerId }) => customerId));
}
