import { askedAgain, assigned, customerSubject, findKnown, myCustomersSubject, SOURCES } from '../customers/index.ts';
import type { Notice } from '../kernel/notice.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { indexKnown } from './find-repeats.ts';
import { type Lease, renew } from './leases.ts';
import { readLookups } from './lookups.ts';
import { importDone, importSubject } from './notices.ts';
import { readRow } from './read-row.ts';
import { readKept } from './run-batch.ts';

/** A consultant's customers who came again in an import, by id, the first first; one in six rows came once. */
export type CameAgain = Map<number, Map<number, string>>;

const PAGE = 1_000;

/**
 * Adds up, for the next duplicates after a row, whose customers came again; somebody in the pool has nobody to tell.
 * Answers the lease and the last row looked at, null there when all are; null where the lease is lost.
 */
export async function addCameAgain(
  scope: Scope,
  lease: Lease,
  after: number,
): Promise<{ lease: Lease; last: number | null; again: CameAgain } | null> {
  const { tx } = scope;
  const { importId } = lease;
  const renewed = await renew(tx, lease, 'running');
  if (!renewed) return null;
  const rows = await tx.importRow.findMany({
    where: { importId, state: { in: ['duplicate', 'filled'] }, customerId: { not: null }, rowNumber: { gt: after } },
    select: { rowNumber: true, cells: true },
    orderBy: { rowNumber: 'asc' },
    take: PAGE,
  });
  const again: CameAgain = new Map();
  if (rows.length === 0) return { lease: renewed, last: null, again };
  const { header } = await readKept(scope, importId);
  const lookups = await readLookups(tx, header, 'rota');
  const inputs = rows.flatMap(({ cells }) => readRow(cells as string[], header, lookups).input ?? []);
  const known = await findKnown(tx, inputs);
  const fresh = await savedHere(
    scope,
    importId,
    known.map(({ id }) => id),
  );
  const knownOf = indexKnown(known);
  for (const input of inputs)
    for (const { id, name, consultant } of knownOf(input)) {
      if (!consultant || fresh.has(id)) continue;
      again.set(consultant.id, (again.get(consultant.id) ?? new Map<number, string>()).set(id, name));
    }
  return { lease: renewed, last: rows.at(-1)?.rowNumber ?? null, again };
}

/** Those who only came with this import did not come again. */
async function savedHere({ tx }: Scope, importId: number, ids: number[]): Promise<Set<number>> {
  const rows = await tx.importRow.findMany({
    where: { importId, state: 'saved', customerId: { in: ids } },
    select: { customerId: true },
  });
  return new Set(rows.flatMap(({ customerId }) => customerId ?? []));
}

/**
 * Ends an import: each consultant hears once of all that is theirs now, each holder once of those who came again, and
 * who imported hears what became of the file. False where the lease is lost.
 */
export async function endImport(scope: Scope, lease: Lease, again: CameAgain): Promise<boolean> {
  const { tx, now, actor } = scope;
  const { importId: id } = lease;
  if (!(await renew(tx, lease, 'running'))) return false;
  await tx.importFile.deleteMany({ where: { importId: id } });
  const { personId, fileName, saved, filled, duplicates, failed } = await tx.customerImport.update({
    where: { id },
    data: { state: 'done', endedAt: now, leaseUntil: null },
  });
  const cameAgain = [...again].flatMap(([to, customers]): Notice[] => {
    const [first] = customers;
    const count = customers.size;
    if (to === personId || !first) return [];
    const [customerId, name] = first;
    const about = count > 1 ? myCustomersSubject.of() : customerSubject.of(customerId);
    const data = { customer: name, by: actor.name, ...(count > 1 && { count }) };
    return [askedAgain.to(to, data, { once: `import:${id}:duplicate:${to}`, about })];
  });
  const given = (await tellShares(scope, id)).filter(({ to }) => to !== personId);
  const result = { fileName, saved, ...(filled > 0 && { filled }), duplicates, failed };
  const done = importDone.to(personId, result, { once: `import:${id}:done`, about: importSubject.of(id) });
  await scope.tell(...given, ...cameAgain, done);
  return true;
}

type Share = { consultantId: number; count: number; customerId: number };

/** One notice for each consultant, with the first customer's name; those who are no longer theirs by now do not count. */
async function tellShares(scope: Scope, importId: number): Promise<Notice[]> {
  const { tx, time, now } = scope;
  const shares = await tx.$queryRaw<Share[]>`
    SELECT a."consultantId", count(*)::int AS count, min(a."customerId") AS "customerId"
    FROM "ImportRow" r JOIN "Assignment" a ON a."customerId" = r."customerId"
    WHERE r."importId" = ${importId} AND r.state = 'saved' AND a.state = 'following' AND a.origin = 'assigned'
    GROUP BY a."consultantId" ORDER BY a."consultantId"`;
  const first = await tx.customer.findMany({
    where: { id: { in: shares.map(({ customerId }) => customerId) } },
    select: {
      id: true,
      name: true,
      source: true,
      courses: { select: { course: { select: { name: true } } }, orderBy: { courseId: 'asc' } },
    },
  });
  const at = time.format(now);
  const { noContactDays } = await readSettings(tx);
  return shares.flatMap(({ consultantId, count, customerId }): Notice[] => {
    const customer = first.find(({ id }) => id === customerId);
    if (!customer) return [];
    const course = customer.courses.map(({ course }) => course.name).join('、') || '还没问课程';
    const once = `import:${importId}:assigned:${consultantId}`;
    const one = { customer: customer.name, course, source: SOURCES[customer.source], at, noContactDays };
    if (count === 1) return [assigned.to(consultantId, one, { once, about: customerSubject.of(customerId) })];
    const several = { customer: `${customer.name}等 ${count} 位`, course: '一批导入的客户', source: '批量导入' };
    return [assigned.to(consultantId, { ...one, ...several }, { once, about: myCustomersSubject.of() })];
  });
}
