import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginImport } from '../customer-import/begin-import.ts';
import { chooseForImport } from '../customer-import/choose.ts';
import { createImports } from '../customer-import/imports.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { loadActor } from '../people/index.ts';
import { openWorkbook } from '../spreadsheet/read-workbook.ts';
import { writeSheet } from '../spreadsheet/write-sheet.ts';
import type { Parts } from '../wire.ts';
import { type Benchmark, type Figure, summarize } from './benchmark.ts';
import { benchLog } from './schools.ts';

const ROWS = 100_000;
const MB = 1024 * 1024;
const EVERY_MS = 5;

/** The largest file an import takes, read and run, with what it asks of the process meanwhile. */
export const importing: Benchmark = {
  name: 'import',
  title: `a workbook of ${ROWS} customers imported, the process's memory and its longest stall`,
  run: ({ withParts }) => withParts(measureImport),
};

async function measureImport({ database: { prisma }, inTransaction, assignment }: Parts): Promise<Figure[]> {
  const { id } = await prisma.person.findUniqueOrThrow({ where: { username: 'admin' }, select: { id: true } });
  const actor = (await loadActor(prisma, id)) as Actor;
  const imports = createImports({ prisma, inTransaction, enterMany: assignment.enterMany, log: benchLog });
  const bytes = await buffer(writeSheet({ name: '客户', columns: COLUMNS, rows: customers(ROWS) }));
  await sleep(2_000);

  const reading = watchProcess();
  const workbook = await openWorkbook(bytes);
  const lease = await inTransaction(actor, 'web', (scope) => beginImport(scope, '客户.xlsx', bytes));
  imports.read(lease, actor, workbook);
  const { total } = await left(prisma, lease.importId, 'reading');
  const read = reading.end('rows read, checked and kept', total);

  const running = watchProcess(reading.idle);
  await inTransaction(actor, 'web', (scope) => chooseForImport(scope, lease.importId, {}, { runs: true }));
  imports.goOn(lease.importId);
  const { saved } = await left(prisma, lease.importId, 'running');
  const run = running.end('customers entered and assigned', saved);
  await imports.stop();
  return [read, run];
}

async function left(prisma: PrismaClient, id: number, state: 'reading' | 'running') {
  for (;;) {
    const now = await prisma.customerImport.findUniqueOrThrow({ where: { id } });
    if (now.state !== state) return now;
    await sleep(100);
  }
}

/** Watches memory above `idle` (now, where not given), and the longest time in which nothing else had its turn. */
function watchProcess(idle = process.memoryUsage.rss()) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let [peak, last, worst] = [idle, began, 0];
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - EVERY_MS);
    last = now;
    peak = Math.max(peak, process.memoryUsage.rss());
  }, EVERY_MS);
  return {
    idle,
    end: (what: string, count: number): Figure => {
      clearInterval(timer);
      const seconds = (performance.now() - began) / 1000;
      const used = process.cpuUsage(cpu);
      return {
        ...summarize([(seconds * 1000) / count], seconds, { user: used.user / count, system: used.system / count }),
        what: `${what} (memory +${Math.round((peak - idle) / MB)} MB, stall ${Math.round(worst)} ms)`,
        count,
      };
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
