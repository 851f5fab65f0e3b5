import { Prisma } from '../generated/prisma/client.ts';
import type { Actor, Grant, RowScope } from '../kernel/actor.ts';
import type { Tx } from '../kernel/scope.ts';

type Queries = Pick<Tx, '$queryRaw'>;
type MenuEntry = { title: string; path: string };
type LoadedRole = {
  code: string;
  scope: RowScope;
  menu: MenuEntry[];
  grants: { permission: string; params: Record<string, string[]> | null }[];
};

/** A person as the database tells them, with roles. */
export type LoadedPerson = {
  id: number;
  name: string;
  bound: boolean;
  departmentId: number | null;
  campusId: number | null;
  roles: LoadedRole[];
};

/** The columns of a LoadedPerson for a query that has "Person" as `p`. */
export const personColumns = Prisma.sql`
  p.id, p.name, p.openid IS NOT NULL AS bound, s."departmentId", s."campusId",
  coalesce((SELECT jsonb_agg(jsonb_build_object('code', r.code, 'scope', r.scope, 'menu', r.menu, 'grants',
      (SELECT coalesce(jsonb_agg(jsonb_build_object('permission', g.permission, 'params', g.params)), '[]') FROM "RoleGrant" g WHERE g."roleId" = r.id))
      ORDER BY r.id)
    FROM "PersonRole" pr JOIN "Role" r ON r.id = pr."roleId" WHERE pr."personId" = p.id), '[]') AS roles`;

/** An active person with what they may do, in one round trip; null where unknown or deactivated. */
export async function loadActor(db: Queries, personId: number): Promise<Actor | null> {
  return findActor(db, Prisma.sql`p.id = ${personId}`);
}

/** Who stands behind an openid; null where nobody is bound to it or the person is deactivated. */
export async function identify(db: Queries, openid: string): Promise<Actor | null> {
  return findActor(db, Prisma.sql`p.openid = ${openid}`);
}

async function findActor(db: Queries, where: Prisma.Sql): Promise<Actor | null> {
  const [person] = await db.$queryRaw<LoadedPerson[]>`
    SELECT ${personColumns} FROM "Person" p LEFT JOIN "Staff" s ON s."personId" = p.id WHERE ${where} AND p.active`;
  return person ? actorOf(person) : null;
}

/** What the rest of the program knows of a person: each grant with its role's scope. */
export function actorOf({ id, name, roles, departmentId, campusId }: LoadedPerson): Actor {
  const grants = roles.flatMap(({ scope, grants: given }) =>
    given.map(({ permission, params }): Grant => ({ permission, scope, ...(params && { params }) })),
  );
  return { id, name, roles: roles.map(({ code }) => code), grants, departmentId, campusId };
}

/** The menus of all roles in order, each entry once; everybody can bind their WeChat. */
export function menuOf({ roles }: LoadedPerson): MenuEntry[] {
  const entries = [...roles.flatMap(({ menu }) => menu), { title: '绑定微信', path: '/bind' }];
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return [...byPath.values()].sort((a, b) => Number(a.path === '/bind') - Number(b.path === '/bind'));
}
