import type { Tx } from '../kernel/scope.ts';
import { DEFAULT_ROLES } from './default-roles.ts';

/**
 * Puts the roles a school begins with into the database; a role that is there already is left as it is. Of several
 * nodes starting at once each adds what no other did.
 */
export async function seedRoles(tx: Tx): Promise<void> {
  const added = await tx.role.createManyAndReturn({
    data: DEFAULT_ROLES.map(({ code, title, scope, menu }) => ({ code, title, scope, menu: [...menu] })),
    skipDuplicates: true,
  });
  const idOf = new Map(added.map(({ code, id }) => [code, id]));
  await tx.roleGrant.createMany({
    data: DEFAULT_ROLES.flatMap(({ code, permissions }) => {
      const roleId = idOf.get(code);
      return roleId === undefined ? [] : permissions.map((permission) => ({ roleId, permission }));
    }),
  });
}
