import type { Readable } from 'node:stream';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { writeSheet } from '../spreadsheet/write-sheet.ts';
import { REASON_TITLE } from './titles.ts';

const PAGE = 500;

/**
 * The rows of an import that were refused, with the columns they came in and why; to be put right and uploaded again.
 * @param prisma the outer client: a long report is read page by page, each on its own
 */
export function writeReport(prisma: PrismaClient, importId: number, titles: readonly string[]): Readable {
  const reasonAt = titles.indexOf(REASON_TITLE);
  const kept = (cells: readonly string[]) => cells.filter((_, at) => at !== reasonAt);
  const columns = [...kept(titles), REASON_TITLE];
  async function* rows() {
    for (let after = 0; ; ) {
      const page = await prisma.importRow.findMany({
        where: { importId, state: { in: ['duplicate', 'failed'] }, rowNumber: { gt: after } },
        orderBy: { rowNumber: 'asc' },
        take: PAGE,
      });
      for (const { cells, reason } of page) {
        const texts = kept(cells as string[]);
        yield columns.map((_, at) => (at === columns.length - 1 ? reason : (texts[at] ?? null)));
      }
      const last = page.at(-1);
      if (!last) return;
      after = last.rowNumber;
    }
  }
  return writeSheet({
    name: '不能导入的客户',
    columns: columns.map((title, at) => ({ title, ...(at === columns.length - 1 && { width: 48 }) })),
    rows: rows(),
  });
}
