import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { bringToForm, clearClashes } from '../../src/upgrade/index.ts';
import { useSalesSchool } from '../customers/sales-school.ts';
import { quietLog } from '../setup/database.ts';

const school = useSalesSchool();
const start = () => bringToForm({ prisma: school.prisma(), inTransaction: school.node().inTransaction, log: quietLog });
const customer = (id: number) => school.prisma().customer.findUniqueOrThrow({ where: { id } });
const clashes = () => school.prisma().formClash.findMany({ orderBy: { id: 'asc' }, omit: { id: true, foundAt: true } });

describe('the first start after the upgrade', () => {
  beforeEach(async () => {
    await school.empty();
    await school.prisma().$executeRawUnsafe('TRUNCATE "Upgrade", "FormClash", "Room" RESTART IDENTITY CASCADE');
  });

  it('brings names and numbers stored before to their forms, keeping who changed what, and does so once', async () => {
    const li = await school.consultant('李　娜');
    const zheng = await school.customer({ name: '郑　爽', heldBy: li, phone: '01088886666' });
    const mai = await school.customer({ name: '阿卜杜拉•买买提\u200b', wechat: 'amber_wang' });
    const sound = await school.customer({ name: '王小雨', phone: '13800138000' });
    const before = await customer(zheng);
    const untouched = await customer(sound);

    await start();

    expect(await customer(zheng)).toMatchObject({
      name: '郑爽',
      phone: '010-88886666',
      version: before.version + 2,
    });
    expect(await customer(mai)).toMatchObject({ name: '阿卜杜拉·买买提', wechat: 'amber_wang' });
    expect(await customer(sound)).toEqual(untouched);
    expect(await school.prisma().person.findUniqueOrThrow({ where: { id: li.id } })).toMatchObject({ name: '李娜' });
    const changes = await school
      .prisma()
      .auditEntry.findMany({ where: { entity: 'Customer', entityId: zheng, action: 'edit' } });
    expect(changes).toMatchObject([{ channel: 'system' }, { channel: 'system' }]);

    const late = await school.customer({ name: '孙　悦' });
    await start();
    expect(await customer(late)).toMatchObject({ name: '孙　悦' });
  });

  it('leaves as they are what would collide, and lists each for an administrator until it is put right', async () => {
    const kept = await school.customer({ name: '甲', phone: '010-88886666' });
    const same = await school.customer({ name: '乙', phone: '01088886666' });
    const [one, other] = [
      await school.customer({ name: '丙', phone: '057188886666' }),
      await school.customer({ name: '丁', phone: '0571 88886666' }),
    ];
    const far = await school.customer({ name: '戊', phone: '02088886666' });
    await school.prisma().room.createMany({
      data: [
        { name: '夏威夷', seats: 8 },
        { name: '夏 威夷', seats: 8 },
      ],
    });

    await start();

    const phones = await Promise.all([kept, same, one, other, far].map(async (id) => (await customer(id)).phone));
    expect(phones).toEqual(['010-88886666', '01088886666', '057188886666', '0571 88886666', '020-88886666']);
    expect(await clashes()).toMatchObject([
      { entity: 'Customer', recordId: same, field: 'phone', stored: '01088886666', wanted: '010-88886666' },
      { entity: 'Customer', recordId: one, field: 'phone', stored: '057188886666', wanted: '0571-88886666' },
      { entity: 'Customer', recordId: other, field: 'phone', stored: '0571 88886666', wanted: '0571-88886666' },
      { entity: 'Room', recordId: 2, field: 'name', stored: '夏 威夷', wanted: '夏威夷' },
    ]);

    await school.prisma().customer.delete({ where: { id: other } });
    await school
      .node()
      .inTransaction(systemActor, 'job', (scope) => clearClashes.run(scope, { dueAt: scope.now, limit: 1000 }));
    expect((await clashes()).map(({ recordId }) => recordId)).toEqual([same, one, 2]);
  });

  it('killed half-way, goes on where it stopped', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map((n) => school.customer({ name: `郑 爽${n}`, phone: `0108888666${n}` })),
    );
    const broken = bringToForm({
      prisma: school.prisma(),
      log: quietLog,
      inTransaction: (actor, channel, work, limits) =>
        school.node().inTransaction(
          actor,
          channel,
          async (scope) => {
            const done = await work(scope);
            // The names are written and listed; then the process dies with the phones under way.
            if ((await scope.tx.customer.count({ where: { phone: { startsWith: '010-' } } })) > 0)
              throw new Error('killed');
            return done;
          },
          limits,
        ),
    });
    await expect(broken).rejects.toThrow('killed');
    expect((await customer(ids[0]!)).phone).toBe('01088886661');
    await start();
    expect(await customer(ids[2]!)).toMatchObject({ name: '郑爽3', phone: '010-88886663' });
    expect(await school.prisma().upgrade.count()).toBe(1);
  });
});
