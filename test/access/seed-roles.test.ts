import { beforeAll, describe, expect, it } from 'vitest';
import { may, rowScope } from '../../src/access/access.ts';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { seedRoles } from '../../src/access/seed-roles.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { loadActor } from '../../src/people/load-actor.ts';
import { usePeople } from '../people/people-school.ts';

const school = usePeople();
const holding = async (code: string) => {
  const { id } = await school.person({ roles: [code] });
  const actor = await loadActor(school.prisma(), id);
  if (!actor) throw new Error('nobody');
  return actor;
};

describe('seedRoles', () => {
  beforeAll(async () => {
    await school.inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));
  });

  it('when run again, adds nothing and leaves what an administrator changed', async () => {
    await school.prisma().role.update({ where: { code: 'tutor' }, data: { title: '带班老师' } });
    await school.prisma().roleGrant.deleteMany({ where: { role: { code: 'tutor' }, permission: 'students.list' } });
    const before = await school.prisma().roleGrant.count();

    await school.inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));

    expect(await school.prisma().role.count()).toBe(DEFAULT_ROLES.length);
    expect(await school.prisma().roleGrant.count()).toBe(before);
    expect(await school.prisma().role.findUnique({ where: { code: 'tutor' } })).toMatchObject({ title: '带班老师' });
  });

  it.each(['staff', 'consultant', 'head', 'lecturer', 'tutor', 'administrator'])(
    'when somebody is %s, they book rooms and read campuses and courses',
    async (code) => {
      const actor = await holding(code);
      for (const permission of ['rooms.list', 'rooms.book', 'bookings.list', 'campuses.list', 'courses.list'])
        expect({ permission, may: may(actor, permission) }).toEqual({ permission, may: true });
    },
  );

  it('when somebody is a consultant, they claim and follow up but see only their own', async () => {
    const actor = await holding('consultant');
    expect(rowScope(actor, 'customers.list')).toBe('own');
    expect(['customers.claim', 'customers.release', 'customers.followUp'].every((asked) => may(actor, asked))).toBe(
      true,
    );
    expect(
      ['customers.transfer', 'settings.edit', 'staff.list', 'people.unbind'].some((asked) => may(actor, asked)),
    ).toBe(false);
  });

  it('when somebody is head of sales, they see the department', async () => {
    const actor = await holding('head');
    expect(rowScope(actor, 'customers.list')).toBe('department');
    expect(may(actor, 'customers.transfer')).toBe(true);
    expect(may(actor, 'settings.edit')).toBe(false);
  });

  it('when somebody is a student, they reach nothing of the staff', async () => {
    const actor = await holding('student');
    expect(
      ['rooms.list', 'customers.list', 'lessons.attendance', 'students.list'].some((asked) => may(actor, asked)),
    ).toBe(false);
  });

  it('when somebody is administrator, they may do everything, everywhere', async () => {
    const actor = await holding('administrator');
    expect(rowScope(actor, 'anything.at.all')).toBe('all');
  });
});

describe('the menus of the default roles', () => {
  it.each(DEFAULT_ROLES.map((role) => [role.code, role] as const))(
    'when %s opens them, no entry comes twice',
    (_, role) => {
      const paths = role.menu.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.every((path) => path.startsWith('/'))).toBe(true);
    },
  );
});
