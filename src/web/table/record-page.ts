import { may } from '../../access/access.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { PageContext } from '../define-page.ts';
import type { Table } from '../define-table.ts';
import { pathOf } from './names.ts';
import { crumbsTo, linksFor, offers, readBack, recordFields, type TableParts, withBack } from './parts.ts';
import { cellHtml, presentRow } from './present.ts';
import { readRow } from './read.ts';
import { versionOf } from './row-version.ts';

/** One record: its facts, what happened to it, and what this person may do with it. */
export async function showRecord(table: Table, parts: TableParts, c: PageContext, permission: string): Promise<void> {
  const { reader, actor } = c;
  const asked = { reader, time: parts.time, permission };
  const row = await readRow(table, parts.prisma, c.id(), asked);
  const presented = presentRow(table, row, reader, parts.time);
  if (c.wantsJson) return c.json({ row: { ...presented, version: versionOf(row, parts) } });

  const timeline = table.timeline ? await c.inTransaction(async (scope) => table.timeline?.(scope, row.id)) : undefined;
  const back = readBack(c.ctx.query.back);
  const path = pathOf(table);
  const name = table.nameOf(presented);
  const model = {
    name,
    id: row.id,
    path,
    back,
    facts: recordFields(table).map((field) => ({
      title: field.title,
      html: cellHtml(field, presented, reader, parts.time),
    })),
    timeline: timeline?.map((entry) => ({ ...entry, when: sayDay(entry.day, c.today) })) ?? null,
    links: linksFor(table.recordLinks?.(presented, reader), actor),
    actions: (table.actions ?? []).filter(
      (action) => may(actor, action.permission) && (action.offered?.(presented, reader) ?? true),
    ),
    editHref: offers(table, 'edit', actor) ? withBack(`${path}/${row.id}/edit`, back) : null,
    deletes: offers(table, 'delete', actor),
  };
  c.render('table/record', model, { title: name, crumbs: crumbsTo(table, back, { title: name }) });
}
