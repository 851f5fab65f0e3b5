import { setTimeout as sleep } from 'node:timers/promises';
import { beginImport } from '../../src/customer-import/begin-import.ts';
import { chooseForImport } from '../../src/customer-import/choose.ts';
import { createImports } from '../../src/customer-import/imports.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openWorkbook } from '../../src/spreadsheet/read-workbook.ts';
import { buildPerson, buildRanked, openNode } from '../assignment/assignment-school.ts';
import { quietLog as log } from '../setup/database.ts';
import { buildWorkbook, customerRows } from '../spreadsheet/build-workbook.ts';
import { RANKS } from './ranks.ts';

// A child process of resume.test.ts: imports as many customers as it is told into the database it is given, and says
// again and again how many are saved, until it is killed. The fourth word is who gets them: rota, pool, or a consultant's name.

const [where = '', loadFrom = '', rows = '0', to = 'rota'] = process.argv.slice(2);
const isServer = where.startsWith('postgres');
const database = await openDatabase(isServer ? { databaseUrl: where, log } : { dataDir: where, loadFrom, log });
await buildRanked(database, RANKS);
const consultant = await database.prisma.person.findFirst({ where: { name: to }, select: { id: true } });
const target = consultant?.id ?? (to === 'pool' ? 'pool' : 'rota');
const { actor } = await buildPerson(database, '管理员', 'admin');
const node = openNode(database);
const imports = createImports({
  prisma: database.prisma,
  inTransaction: node.inTransaction,
  enterMany: node.assignment.enterMany,
  log,
});
const bytes = await buildWorkbook({ rows: customerRows(Number(rows)) });
const workbook = await openWorkbook(bytes);
const lease = await node.inTransaction(actor, 'web', (scope) => beginImport(scope, '客户.xlsx', bytes));
imports.read(lease, actor, workbook);
const read = () => database.prisma.customerImport.findUniqueOrThrow({ where: { id: lease.importId } });
while ((await read()).state === 'reading') await sleep(20);
await node.inTransaction(actor, 'web', (scope) => chooseForImport(scope, lease.importId, { target }, { runs: true }));
imports.goOn(lease.importId);
for (;;) {
  process.stdout.write(`${(await read()).saved}\n`);
  await sleep(5);
}
