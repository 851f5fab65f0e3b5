import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor, RowScope } from '../kernel/actor.ts';

// What somebody is at the school (a consultant, a lecturer, a head) is asked by what their roles hold, never by a role's code: a copy
// of a role makes the same of its holders. `*` names nothing: an administrator is none of them.

/** The grants that name a permission: itself, or its whole area. */
function naming(permission: string): string[] {
  return [permission, permission.replace(/\.[^.]*$/, '.*')];
}

/** Roles that hold a permission by name, at one of these scopes where some are given. */
export function rolesHolding(permission: string, scopes?: readonly RowScope[]): Prisma.RoleWhereInput {
  return {
    ...(scopes && { scope: { in: [...scopes] } }),
    grants: { some: { permission: { in: naming(permission) } } },
  };
}

/** Active staff with such a role. */
export function whoMay(permission: string, scopes?: readonly RowScope[]) {
  return {
    active: true,
    staff: { isNot: null },
    roles: { some: { role: rolesHolding(permission, scopes) } },
  } satisfies Prisma.PersonWhereInput;
}

/** Whether somebody holds a permission by name at just this scope, whatever wider grants they have beside it. */
export function holdsAt(actor: Actor, permission: string, scope: RowScope): boolean {
  const names = naming(permission);
  return actor.grants.some((grant) => grant.scope === scope && names.includes(grant.permission));
}
