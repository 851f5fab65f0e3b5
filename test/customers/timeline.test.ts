import { beforeEach, describe, expect, it } from 'vitest';
import { editCustomer, removeCourse } from '../../src/customers/edit-customer.ts';
import { moveDueToPool } from '../../src/customers/move-due-to-pool.ts';
import { readTimeline } from '../../src/customers/timeline.ts';
import { transferCustomer } from '../../src/customers/transfer-customer.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { type Somebody, undoCodeIn, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();
let li: Somebody;
let wang: Somebody;
let head: Somebody;

beforeEach(async () => {
  await school.empty();
  await school.prisma().$executeRawUnsafe('TRUNCATE "AuditEntry"');
  [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
  head = await school.head('周敏');
});

const timeline = async (person: Somebody, id: number) =>
  (await person.does((scope) => readTimeline(scope, id))).map(({ day, text }) => `${day.slice(5)} ${text}`);

describe('a customer’s timeline', () => {
  it('tells changes with who, through which door, and what was there before', async () => {
    const linux = await school.prisma().course.create({ data: { name: 'Linux' } });
    const id = await school.customer({
      name: '王小雨',
      heldBy: li,
      education: 'juniorCollege',
      courses: ['Python全栈'],
    });
    // The builder writes past the school's clock.
    await school.prisma().$executeRawUnsafe('TRUNCATE "AuditEntry"');
    school.moveTo('2026-11-21', '15:00');
    await li.does((scope) =>
      editCustomer(scope, id, {
        education: 'regularUniversity',
        company: '网易',
        courseIds: [linux.id],
      }),
    );
    school.moveTo('2026-11-21', '15:10');
    await li.does((scope) => removeCourse(scope, { customerId: id, courseId: linux.id }));
    expect(await timeline(li, id)).toEqual([
      '11-21 李娜在网页上去掉了咨询课程 Linux',
      '11-21 李娜在网页上改了学历：大专 → 普通本科，公司：空 → 网易，去掉了咨询课程 Python全栈，加上了咨询课程 Linux',
      '11-20 分配给李娜',
    ]);
  });

  it('tells notes once, notes taken back, and appointments moved in chat', async () => {
    const id = await school.customer({ name: '王小雨', heldBy: li });
    await li.says('我的客户');
    school.moveTo('2026-11-21', '14:31');
    await li.says('跟进 1 约了周五试听');
    school.moveTo('2026-11-21', '14:32');
    const receipt = await li.says('跟进 1 写错了');
    school.moveTo('2026-11-21', '14:33');
    await li.says(undoCodeIn(receipt));
    expect(await timeline(li, id)).toEqual([
      '11-21 李娜在微信里撤回了跟进「写错了」',
      '11-21 李娜跟进：约了周五试听（下次联系 11-27）',
      '11-20 分配给李娜',
    ]);
  });

  it('tells how it came and went: transferred with the reason, lost with both reasons, claimed, notices', async () => {
    const id = await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-01' });
    school.moveTo('2026-11-21', '15:00');
    await head.does((scope) =>
      transferCustomer(scope, { customerId: id, consultantId: wang.id, reason: '按校区调整' }),
    );
    school.moveTo('2026-12-10', '02:00');
    await school
      .node()
      .inTransaction(systemActor, 'job', (scope) => moveDueToPool(scope, { dueAt: scope.now, limit: 10 }));
    school.moveTo('2026-12-10', '09:00');
    await li.says('公海');
    await li.says('抢 1');
    const lines = await timeline(head, id);
    expect(lines).toContain('11-21 从李娜转出：按校区调整');
    expect(lines).toContain('11-21 转给王强');
    expect(lines).toContain('11-21 通知王强：转来了客户');
    expect(lines).toContain('12-10 从王强回到公海：十五天未成单、三天未跟进');
    expect(lines).toContain('12-10 通知王强：客户回到公海');
    expect(lines[0]).toBe('12-10 李娜抢到');
  });

  it('of a pool customer is told without notes and changes to who sees it masked', async () => {
    const id = await school.customer({ name: '王小雨', heldBy: li, phone: '13800138000' });
    school.moveTo('2026-11-21', '15:00');
    await li.does((scope) => editCustomer(scope, id, { phone: '13900139000' }));
    await li.says('我的客户');
    await li.says('跟进 1 加了微信 amber');
    await li.says('释放 1 在外地');
    const masked = await timeline(wang, id);
    expect(masked.join()).not.toMatch(/139|amber/);
    expect(masked).toContain('11-21 李娜放回公海：在外地');
    expect((await timeline(head, id)).join()).toContain('手机：13800138000 → 13900139000');
  });
});
