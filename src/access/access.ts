import type { Actor, Grant, RowScope } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusal.ts';

const WIDTH: Record<RowScope, number> = { own: 0, department: 1, campus: 2, all: 3 };

/** A grant fits a permission when it names it, its whole area (`customers.*`), or everything (`*`). */
function names(grant: Grant, permission: string): boolean {
  if (grant.permission === '*' || grant.permission === permission) return true;
  return grant.permission.endsWith('.*') && permission.startsWith(grant.permission.slice(0, -1));
}

/** The actor's grants for one permission. */
export function grantsFor(actor: Actor, permission: string): readonly Grant[] {
  return actor.grants.filter((grant) => names(grant, permission));
}

/** Whether somebody may do a named action at all. */
export function may(actor: Actor, permission: string): boolean {
  return grantsFor(actor, permission).length > 0;
}

/**
 * Lets pass who may do a named action.
 * @throws Refusal `forbidden`, saying what was asked
 */
export function demand(actor: Actor, permission: string, what?: string): void {
  if (!may(actor, permission)) throw refuse.forbidden({ what });
}

/** How far somebody sees with one permission: the widest of their grants; null where they may not at all. */
export function rowScope(actor: Actor, permission: string): RowScope | null {
  const scopes = grantsFor(actor, permission).map((grant) => grant.scope);
  return scopes.reduce<RowScope | null>((widest, s) => (widest && WIDTH[widest] >= WIDTH[s] ? widest : s), null);
}

/**
 * The fixed parameters of one permission, united over the grants; null where some grant has none (nothing is fixed).
 * `{ source: ['qqGroup'] }` means: only these.
 */
export function fixedParams(actor: Actor, permission: string): Record<string, readonly string[]> | null {
  const grants = grantsFor(actor, permission);
  if (grants.some((grant) => !grant.params)) return null;
  const united: Record<string, string[]> = {};
  for (const grant of grants)
    for (const [name, values] of Object.entries(grant.params ?? {}))
      united[name] = [...new Set([...(united[name] ?? []), ...values])];
  return united;
}
