import { rowScope } from '../../access/access.ts';
import { rolesHolding, whoMay } from '../../access/who-may.ts';
import type { Actor, RowScope } from '../../kernel/actor.ts';
import type { Tx } from '../../kernel/scope.ts';
import type { TeamCount } from './find-about-to-drop.ts';

/** Somebody who answers for colleagues' customers, and how far. */
export type Head = { id: number; scope: RowScope; departmentId: number | null; campusId: number | null };

const WIDER = ['department', 'campus', 'all'] as const;

/** The heads of sales: active staff who may transfer the customers of more than themselves; not administrators. */
export async function readHeads(tx: Tx): Promise<Head[]> {
  const role = rolesHolding('customers.transfer', WIDER);
  const people = await tx.person.findMany({
    where: whoMay('customers.transfer', WIDER),
    select: {
      id: true,
      staff: { select: { departmentId: true, campusId: true } },
      roles: { where: { role }, select: { role: { select: { scope: true } } } },
    },
    orderBy: { id: 'asc' },
  });
  return people.map(({ id, staff, roles }) => ({
    id,
    scope: WIDER.findLast((scope) => roles.some(({ role }) => role.scope === scope)) ?? 'department',
    departmentId: staff?.departmentId ?? null,
    campusId: staff?.campusId ?? null,
  }));
}

/** How far somebody who is asking answers for others; null where for nobody but themselves. */
export function headOf(actor: Actor): Head | null {
  const scope = rowScope(actor, 'customers.transfer');
  if (actor.id === null || scope === null || scope === 'own') return null;
  return { id: actor.id, scope, departmentId: actor.departmentId, campusId: actor.campusId };
}

/** The counts of those a head answers for. */
export function teamOf(counts: readonly TeamCount[], { scope, departmentId, campusId }: Head): TeamCount[] {
  if (scope === 'all') return [...counts];
  if (scope === 'campus') return counts.filter((own) => campusId !== null && own.campusId === campusId);
  return counts.filter((own) => departmentId !== null && own.departmentId === departmentId);
}
