import type { Notice } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';

/**
 * Writes notices into the outbox with the given transaction, in one statement; a notice whose `once` is there already
 * is left out. They are sent after the commit.
 */
export async function writeNotices(tx: Tx, now: Date, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const rows = notices.map((notice) => ({
    kind: notice.kind,
    personId: notice.to,
    data: notice.data,
    entity: notice.about?.entity ?? null,
    entityId: notice.about?.id ?? null,
    once: notice.once,
    urgent: notice.urgent,
    dueAt: notice.dueAt ?? now,
  }));
  await tx.$executeRaw`
    INSERT INTO "Notification" (kind, "personId", data, entity, "entityId", once, urgent, "dueAt", "createdAt")
    SELECT r.kind, r."personId", r.data, r.entity, r."entityId", r.once, r.urgent, r."dueAt", ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      kind text, "personId" int, data jsonb, entity text, "entityId" int, once text, urgent boolean, "dueAt" timestamptz)
    ON CONFLICT (once) DO NOTHING`;
}
