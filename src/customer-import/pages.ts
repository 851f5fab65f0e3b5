import type { PrismaClient } from '../generated/prisma/client.ts';
import { openWorkbook } from '../spreadsheet/read-workbook.ts';
import { XLSX } from '../spreadsheet/write-sheet.ts';
import { definePage, type FormProblems, type Page, type PageContext, type Shell } from '../web/define-page.ts';
import { beginImport } from './begin-import.ts';
import { chooseForImport } from './choose.ts';
import type { Imports } from './imports.ts';
import { ROW_STATES, refuse, STATES } from './phrases.ts';
import { PlanInput } from './plan.ts';
import { findImport, type ImportProgress, listConsultants, listImports, readProgress } from './queries.ts';
import { writeImportTemplate } from './template.ts';
import { COLUMN_FIELDS, COLUMN_TITLES } from './titles.ts';
import { writeReport } from './write-report.ts';

const PERMISSION = 'customers.import';
const MOST_BYTES = 20 * 1024 * 1024;
const CRUMBS = [{ title: '客户', path: '/customers' }];

/** Uploading a file of customers, its preview, run and result. */
export function importPages({ imports, prisma }: { imports: Imports; prisma: PrismaClient }): Page[] {
  const progressOf = async (c: PageContext, id: number) => {
    const { progress, isLeft } = await c.inTransaction((scope) => readProgress(scope, id));
    // Whoever looks at a run whose process died sets it going again.
    if (isLeft) imports.goOn(id);
    return progress;
  };
  /** Takes what was chosen in the preview, and does in the background what follows from it. */
  const choose = async (c: PageContext, runs: boolean) => {
    const id = c.id();
    const input = c.input(PlanInput);
    const next = await c.inTransaction((scope) => chooseForImport(scope, id, input, { runs }));
    if (next.next === 'read') imports.readAgain(next.lease, c.actor, next);
    if (next.next === 'run') imports.goOn(id);
    if (c.wantsJson) return c.json(await progressOf(c, id));
    c.redirect(`/customers/import/${id}`);
  };
  return [
    definePage({
      method: 'GET',
      path: '/customers/import',
      permission: PERMISSION,
      handler: (c) => showUpload(c),
    }),
    definePage({
      method: 'GET',
      path: '/customers/import/template.xlsx',
      permission: PERMISSION,
      handler: async (c) => {
        c.download('客户导入模板.xlsx', XLSX, await c.inTransaction(({ tx }) => writeImportTemplate(tx)));
      },
    }),
    definePage({
      method: 'POST',
      path: '/customers/import',
      permission: PERMISSION,
      upload: { maxBytes: MOST_BYTES, maxFiles: 1 },
      handler: async (c) => {
        const [file] = c.files;
        if (!file || file.size === 0) throw refuse.no_file();
        imports.makeRoom();
        const workbook = await openWorkbook(file.bytes);
        const lease = await c.inTransaction((scope) => beginImport(scope, file.name, file.bytes));
        imports.read(lease, c.actor, workbook);
        if (c.wantsJson) return c.json({ id: lease.importId }, 202);
        c.redirect(`/customers/import/${lease.importId}`);
      },
      invalid: (c, { status, message }) => showUpload(c, { status, message }),
    }),
    definePage({
      method: 'GET',
      path: '/customers/import/:id',
      permission: PERMISSION,
      handler: async (c) => {
        const progress = await progressOf(c, c.id());
        if (c.wantsJson) return c.json(progress);
        c.render(
          'customers/import-progress',
          {
            progress,
            stateTitle: STATES[progress.state],
            rowStates: ROW_STATES,
            clearedNote: refuse.rows_cleared().message,
            bound: c.signedIn?.bound ?? false,
            fields: COLUMN_FIELDS.map((field) => ({ field, title: COLUMN_TITLES[field] })),
            shown: shownChoice(progress),
            consultants: progress.state === 'preview' ? await c.inTransaction(listConsultants) : [],
          },
          shell(progress.fileName, [{ title: '导入', path: '/customers/import' }, { title: progress.fileName }]),
        );
      },
    }),
    definePage({
      method: 'POST',
      path: '/customers/import/:id/run',
      permission: PERMISSION,
      handler: (c) => choose(c, true),
      invalid: showPreview,
    }),
    definePage({
      method: 'POST',
      path: '/customers/import/:id/choose',
      permission: PERMISSION,
      handler: (c) => choose(c, false),
      invalid: showPreview,
    }),
    definePage({
      method: 'GET',
      path: '/customers/import/:id/report.xlsx',
      permission: PERMISSION,
      handler: async (c) => {
        const { id, fileName, state, header } = await c.inTransaction((scope) => findImport(scope, c.id()));
        if (state === 'done' && header === null) throw refuse.rows_cleared();
        const { titles = [] } = (header ?? {}) as { titles?: string[] };
        c.download(`${fileName.replace(/\.\w+$/, '')}-不能导入的.xlsx`, XLSX, writeReport(prisma, id, titles));
      },
    }),
  ];
}

/** The choices as the form shows them, so that only what was changed counts as chosen. */
function shownChoice({ sheet, headerRow, mapping }: ImportProgress): Record<string, string> {
  const columns = COLUMN_FIELDS.map((field) => [`mapping.${field}`, String(mapping[field] ?? '')]);
  return { sheet, headerRow: String(headerRow ?? ''), ...Object.fromEntries(columns) };
}

/** What was wrong with a choice is said over the preview it was made in. */
function showPreview(c: PageContext, { message, fields }: FormProblems): void {
  c.redirect(`/customers/import/${c.id()}`, Object.values(fields)[0] ?? message, 'bad');
}

async function showUpload(c: PageContext, refused?: { status: number; message: string }): Promise<void> {
  const found = await c.inTransaction((scope) => listImports(scope));
  const rows = found.map(({ id, fileName, state, total, saved, duplicates, failed, createdAt, person }) => ({
    id,
    fileName,
    state,
    total,
    saved,
    duplicates,
    failed,
    person,
    createdAt: c.time.iso(createdAt),
    at: c.time.format(createdAt),
    stateTitle: STATES[state],
  }));
  if (c.wantsJson) return c.json({ rows, total: rows.length, page: 1, size: rows.length });
  c.render(
    'customers/import',
    { rows, problem: refused?.message ?? null },
    { ...shell('导入客户', [{ title: '导入' }]), ...(refused && { status: refused.status }) },
  );
}

function shell(title: string, crumbs: { title: string; path?: string }[]): Shell {
  return { title, crumbs: [...CRUMBS, ...crumbs], scripts: ['import.js'], styles: ['import.css'] };
}
