import type { Tx } from '../kernel/scope.ts';

/** Who last changed one field of each of these study records, by name; the audit log knows. */
export async function lastChangers(
  tx: Tx,
  recordIds: readonly number[],
  field: 'attendance' | 'score' | 'comment',
): Promise<Map<number, string>> {
  const rows = await tx.$queryRaw<{ entityId: number; name: string }[]>`
    SELECT DISTINCT ON (a."entityId") a."entityId", p.name
    FROM "AuditEntry" a JOIN "Person" p ON p.id = a."actorId"
    WHERE a.entity = 'StudyRecord' AND a."entityId" = ANY(${[...recordIds]}::int[]) AND jsonb_exists(a.after, ${field})
    ORDER BY a."entityId", a.id DESC`;
  return new Map(rows.map(({ entityId, name }) => [entityId, name]));
}
