import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAssignment } from '../assignment/index.ts';
import { beginImport, startImport } from '../customers/import/begin-import.ts';
import { createImports, type ImportParts } from '../customers/import/imports.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { wallNow } from '../kernel/clock.ts';
import type { InTransaction } from '../kernel/scope.ts';
import { createInProcessState } from '../shared-state/index.ts';
import { openWorkbook } from '../spreadsheet/read-workbook.ts';
import { writeSheet } from '../spreadsheet/write-sheet.ts';

const MB = 1024 * 1024;
const EVERY_MS = 5;

export type ImportFigures = {
  rows: number;
  saved: number;
  readMs: number;
  runMs: number;
  /** The process's memory at its highest, above what it was before the upload. */
  peakMbAboveIdle: number;
  /** The longest time in which nothing else had its turn. */
  worstStallMs: number;
};

/**
 * Imports a file of so many customers and watches memory and stalls.
 * @param actor whose import it is; the database has consultants with ranks
 */
export async function measureImport(
  { prisma, inTransaction, log }: { prisma: PrismaClient; inTransaction: InTransaction; log: ImportParts['log'] },
  actor: Actor,
  rows = 100_000,
): Promise<ImportFigures> {
  const { rota } = createInProcessState({ wallNow });
  const { enterMany } = createAssignment({ rota, prisma });
  const imports = createImports({ prisma, inTransaction, enterMany, log });
  const bytes = await buffer(writeSheet({ name: '客户', columns: COLUMNS, rows: customers(rows) }));
  await sleep(2_000);
  const watch = watchProcess();
  const began = wallNow();
  const workbook = await openWorkbook(bytes);
  const lease = await inTransaction(actor, 'web', (scope) => beginImport(scope, '客户.xlsx'));
  imports.read(lease, actor, workbook);
  await left(prisma, lease.importId, 'reading');
  const read = wallNow();
  await inTransaction(actor, 'web', (scope) => startImport(scope, lease.importId));
  imports.goOn(lease.importId);
  const { saved } = await left(prisma, lease.importId, 'running');
  const runMs = wallNow() - read;
  await imports.stop();
  return { rows, saved, readMs: read - began, runMs, ...watch.end() };
}

async function left(prisma: PrismaClient, id: number, state: 'reading' | 'running') {
  for (;;) {
    const now = await prisma.customerImport.findUniqueOrThrow({ where: { id } });
    if (now.state !== state) return now;
    await sleep(100);
  }
}

function watchProcess() {
  const idle = process.memoryUsage.rss();
  let peak = idle;
  let last = performance.now();
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - EVERY_MS);
    last = now;
    peak = Math.max(peak, process.memoryUsage.rss());
  }, EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      return { peakMbAboveIdle: Math.round((peak - idle) / MB), worstStallMs: Math.round(worst) };
    },
  };
}

const COLUMNS = ['姓名', 'QQ', '手机', '微信号', '性别', '学历', '毕业院校', '公司', '薪资', '来源', '备注'].map(
  (title) => ({ title }),
);

function* customers(count: number) {
  for (let n = 0; n < count; n += 1)
    yield [
      `客户${n}`,
      String(600_000_000 + n),
      `137${String(n).padStart(8, '0')}`,
      `import_${n}`,
      n % 2 ? '男' : '女',
      '大专',
      `第${n % 500}大学`,
      `公司${n % 1000}`,
      '8k',
      '百度推广',
      `第${n}位，想先看课表，周末再聊`,
    ];
}
