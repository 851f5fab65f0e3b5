import { beforeAll, describe, expect, it } from 'vitest';
import { seedRoles } from '../../src/access/seed-roles.ts';
import { nextContactReminder } from '../../src/before-it-drops/reminders/job.ts';
import { eveningDigest } from '../../src/before-it-drops/rescue/job.ts';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { poolConsultants } from '../../src/customers/holders.ts';
import { enterWithoutRota } from '../../src/customers/tables/customers.ts';
import { type Actor, systemActor } from '../../src/kernel/actor.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { loadActor } from '../../src/people/load-actor.ts';
import { buildEntry, openNode } from '../assignment/assignment-school.ts';
import { useDatabase } from '../setup/database.ts';

const database = useDatabase();

/** The default role under another code and name, as an administrator copies it, and somebody who has nothing else. */
async function copyOf(code: string, name: string): Promise<Actor> {
  const { prisma } = database();
  const role = await prisma.role.findUniqueOrThrow({ where: { code }, include: { grants: true } });
  const at = new Date('2026-11-20T06:30:00Z');
  const { id } = await prisma.person.create({
    data: {
      name,
      username: `copied-${code}`,
      passwordHash: '',
      createdAt: at,
      updatedAt: at,
      staff: { create: {} },
      roles: {
        create: {
          role: {
            create: {
              code: `copied-${code}`,
              title: `${role.title}（副本）`,
              scope: role.scope,
              menu: [],
              grants: { create: role.grants.map(({ permission }) => ({ permission })) },
            },
          },
        },
      },
    },
  });
  const actor = await loadActor(prisma, id);
  if (!actor) throw new Error('nobody');
  return actor;
}

describe('a copy of the consultant’s role', () => {
  let node: ReturnType<typeof openNode>;
  let consultant: Actor;
  let head: Actor;
  const does = <T>(actor: Actor, work: (scope: Scope) => Promise<T>) => node.inTransaction(actor, 'web', work);
  const noticesOf = async (kind: string) =>
    (await database().prisma.notification.findMany({ where: { kind } })).map(({ personId }) => personId);

  beforeAll(async () => {
    node = openNode(database());
    await node.inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));
    consultant = await copyOf('consultant', '新顾问');
    head = await copyOf('head', '新主管');
  });

  it('keeps whom they enter, with or without a rota; a copied head’s entry goes to whose turn it is', async () => {
    const [ranks] = node.assignment.tables;
    await does(systemActor, (scope) =>
      ranks!.add!.run(scope, { consultantId: consultant.id, weight: 5, slots: 1 } as never),
    );
    expect(await node.enter(consultant)).toMatchObject({ outcome: 'own', consultant: { id: consultant.id } });
    expect(await database().prisma.turn.count()).toBe(0);
    expect(await does(consultant, (scope) => enterWithoutRota(scope, buildEntry()))).toMatchObject({
      consultant: { id: consultant.id },
    });
    expect(await node.enter(head)).toMatchObject({ outcome: 'assigned', consultant: { id: consultant.id } });
    expect(await database().prisma.turn.count()).toBe(1);
    expect(await noticesOf('assigned')).toEqual([consultant.id]);
  });

  it('claims, counts as one of the pool’s consultants, and hears what drops and whom to contact', async () => {
    const { prisma } = database();
    const pooled = await does(systemActor, (scope) => enterWithoutRota(scope, buildEntry()));
    expect(await does(consultant, (scope) => claimCustomer(scope, { customerId: pooled.customerId }))).toBeTruthy();
    const inPool = await prisma.person.findMany({ where: poolConsultants, select: { id: true } });
    expect(inPool).toEqual([{ id: consultant.id }]);

    const today = node.time.dayOf(node.clock.now());
    await prisma.customer.update({
      where: { id: pooled.customerId },
      data: { lastContactedOn: dayToDb('2026-11-18'), nextContactOn: dayToDb(today) },
    });
    const dueAt = node.clock.now();
    await node.inTransaction(systemActor, 'job', (scope) => eveningDigest.run(scope, { dueAt, limit: 100 }));
    await node.inTransaction(systemActor, 'job', (scope) => nextContactReminder.run(scope, { dueAt, limit: 100 }));
    expect(await noticesOf('aboutToDrop')).toContain(consultant.id);
    expect(await noticesOf('nextContact')).toEqual([consultant.id]);
  });

  it('an administrator is no consultant: `*` does not count', async () => {
    expect(await node.enter({ ...systemActor, id: head.id })).toMatchObject({ outcome: 'assigned' });
  });
});
