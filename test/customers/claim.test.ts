import { beforeEach, describe, expect, it } from 'vitest';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { releaseCustomer, undoRelease } from '../../src/customers/release-customer.ts';
import { transferCustomer, undoTransfer } from '../../src/customers/transfer-customer.ts';
import { undoClaim } from '../../src/customers/undo-claim.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { openDatabase } from '../../src/database/open.ts';
import { seedSettings } from '../../src/settings/index.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { refusalOf, type Somebody, undoCodeIn, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();
const claims = (somebody: Somebody, customerId: number) =>
  somebody.does((scope) => claimCustomer(scope, { customerId }));

beforeEach(() => school.empty());

describe('抢', () => {
  it('when two consultants claim one customer, the first keeps it and the second is told who has it', async () => {
    const [li, wang, zhao] = (await school.consultants('李娜', '王强', '赵敏')) as [Somebody, Somebody, Somebody];
    await school.customer();
    const id = await school.customer({
      name: '王小雨',
      phone: '13800138000',
      qq: '12345678',
      source: 'baidu',
      education: 'regularUniversity',
      courses: ['Python全栈'],
      lostBy: zhao,
    });
    await zhao.does(({ tx, now }) =>
      tx.followUp.create({
        data: {
          customerId: id,
          consultantId: zhao.id,
          date: new Date('2026-11-16'),
          note: '想先看课表，周末再聊',
          createdAt: now,
        },
      }),
    );
    await li.says('公海');
    await wang.says('公海');

    const receipt = await li.says('抢 1');
    expect(receipt.replace(/[A-Z2-9]{4}$/, 'CODE')).toBe(
      [
        '抢到了：王小雨',
        '手机 138 0013 8000 · QQ 12345678',
        'Python全栈 · 普通本科 · 百度推广',
        '11-16 赵敏：想先看课表，周末再聊',
        '三天内联系并回复「跟进 1 内容」。撤销 CODE',
      ].join('\n'),
    );
    expect(await wang.says('抢 1')).toBe('晚了一步，王小雨刚被李娜抢到。公海还有 1 位，回复「公海」看看');
    expect(await school.notices()).toMatchObject([
      { kind: 'claimed', personId: zhao.id, data: { customer: '王小雨', by: '李娜' } },
    ]);
    const after = await school.stored(id);
    expect(after).toMatchObject({ consultantId: li.id, pooledAt: null, poolReason: null, lastConsultantId: zhao.id });
    expect([after.receivedOn, after.lastContactedOn].map((day) => day.toISOString().slice(0, 10))).toEqual([
      '2026-11-21',
      '2026-11-21',
    ]);
    expect(after.assignments).toMatchObject([{ consultantId: li.id, state: 'following', origin: 'claimed' }]);
  });

  it('asked without a number, says what a number is', async () => {
    const li = await school.consultant('李娜');
    expect(await li.says('抢')).toBe('抢哪一位？回复「抢 1」这样的编号，编号来自「公海」的列表');
  });

  it('of one who lost it last, is refused until somebody else has held it and lost it', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const id = await school.customer({ name: '王小雨', heldBy: li });
    await li.does((scope) => releaseCustomer(scope, { customerId: id, reason: '不接电话' }));

    await li.says('公海');
    expect(await li.says('抢 1')).toBe('王小雨上次是从你这里回到公海的，等别的同事跟进过再回来才能抢');
    expect(await refusalOf(claims(li, id))).toMatchObject({ code: 'lost_it_last' });

    await claims(wang, id);
    await wang.does((scope) => releaseCustomer(scope, { customerId: id, reason: '出差' }));
    await claims(li, id);
    expect(await school.states(id)).toEqual([
      { consultantId: li.id, state: 'released' },
      { consultantId: wang.id, state: 'released' },
      { consultantId: li.id, state: 'following' },
    ]);
  });

  it('of a customer somebody else was given, is refused without naming anybody', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const id = await school.customer({ name: '王小雨', heldBy: wang });
    const { code, message } = await refusalOf(claims(li, id));
    expect(code).toBe('not_in_pool');
    expect(message).not.toMatch(/王小雨|王强/);
    expect(await refusalOf(claims(wang, id))).toEqual({
      code: 'not_in_pool',
      message: '王小雨已经是你的客户了，直接跟进就好',
    });
    expect(await refusalOf(claims(li, 999_999))).toMatchObject({ code: 'not_found' });
  });

  it('with caps set, stops at them; an undone claim does not count', async () => {
    const li = await school.consultant('李娜');
    const ids = await Promise.all([1, 2, 3, 4].map(() => school.customer()));
    await seedSettings(school.prisma(), school.clock.now(), { claimsADay: 2 });
    const first = await claims(li, ids[0]!);
    await claims(li, ids[1]!);
    expect(await refusalOf(claims(li, ids[2]!))).toMatchObject({ code: 'quota_reached' });
    await refusalOf(li.does((scope) => undoClaim(scope, first.kept)));
    await claims(li, ids[2]!);

    school.moveTo('2026-11-22');
    await school.prisma().setting.update({ where: { key: 'followingCap' }, data: { value: 2 } });
    expect((await refusalOf(claims(li, ids[3]!))).message).toContain('正在跟进的已经有 2 位');
  });

  it('of 50 at once, exactly one wins', async () => {
    const people = await school.consultants(...Array.from({ length: 50 }, (_, n) => `顾问${n}`));
    const id = await school.customer({ name: '王小雨' });
    const results = await Promise.all(people.map((person) => refusalOf(claims(person, id))));
    expect(results.filter(({ code }) => code === 'none')).toHaveLength(1);
    expect(results.filter(({ code }) => code === 'already_claimed')).toHaveLength(49);
    expect(await school.states(id)).toHaveLength(1);
    const { consultantId } = await school.stored(id);
    const winner = people.find((person) => person.id === consultantId);
    expect(results.filter(({ message }) => message.includes(`被${winner?.name}抢到`))).toHaveLength(49);
  });

  it('of one consultant for many customers at once, passes no cap', async () => {
    const li = await school.consultant('李娜');
    const ids = await Promise.all(Array.from({ length: 12 }, () => school.customer()));
    await seedSettings(school.prisma(), school.clock.now(), { claimsADay: 3 });
    const results = await Promise.all(ids.map((id) => refusalOf(claims(li, id))));
    expect(results.filter(({ code }) => code === 'none')).toHaveLength(3);
    expect(results.filter(({ code }) => code === 'quota_reached')).toHaveLength(9);
  });
});

postgresOnly('claims of two nodes', () => {
  it('of 50 at once over two nodes, exactly one wins', async () => {
    const people = await school.consultants(...Array.from({ length: 50 }, (_, n) => `顾问${n}`));
    const other = await openDatabase({ databaseUrl: school.database().databaseUrl!, log: quietLog });
    try {
      const nodes = [school.node(), school.openNode(other)];
      for (let round = 0; round < 3; round += 1) {
        const id = await school.customer();
        const results = await Promise.all(
          people.map((person, n) =>
            refusalOf(
              nodes[n % 2]!.inTransaction(person.actor, 'web', (scope) => claimCustomer(scope, { customerId: id })),
            ),
          ),
        );
        expect(results.filter(({ code }) => code === 'none')).toHaveLength(1);
        expect(await school.states(id)).toHaveLength(1);
      }
    } finally {
      await other.close();
    }
  });
});

describe('撤销', () => {
  it('of a claim, puts the customer back where it was, and counts as no loss', async () => {
    const [li, zhao] = (await school.consultants('李娜', '赵敏')) as [Somebody, Somebody];
    const id = await school.customer({
      name: '王小雨',
      lostBy: zhao,
      received: '2026-11-03',
      contacted: '2026-11-05',
      poolReason: 'noDeal',
    });
    const before = await school.stored(id);
    await li.says('公海');
    const receipt = await li.says('抢 1');

    expect(await li.says(undoCodeIn(receipt))).toContain('已撤销：王小雨');
    const { version, updatedAt, assignments, ...after } = await school.stored(id);
    expect(after).toEqual({ ...after, ...without(before) });
    expect(assignments).toMatchObject([{ consultantId: li.id, state: 'undone' }]);

    await li.says('公海');
    expect(await li.says('抢 1')).toContain('抢到了：王小雨');
  });

  it('of a claim after a follow-up, is refused and changes nothing', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({ name: '王小雨' });
    const { kept } = await claims(li, id);
    await li.does((scope) => writeFollowUp(scope, { customerId: id, note: '聊过了' }));
    expect(await refusalOf(li.does((scope) => undoClaim(scope, kept)))).toMatchObject({ code: 'changed_since' });
    expect(await school.stored(id)).toMatchObject({ consultantId: li.id, assignments: [{ state: 'following' }] });
  });

  it('of a release, gives the customer back as if it had never left', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const id = await school.customer({ name: '王小雨', heldBy: li });
    const before = await school.stored(id);
    const { kept } = await li.does((scope) => releaseCustomer(scope, { customerId: id, reason: '不接电话' }));
    expect(await school.stored(id)).toMatchObject({
      consultantId: null,
      poolReason: 'released',
      lastConsultantId: li.id,
      assignments: [{ state: 'released', memo: '不接电话' }],
    });

    await li.does((scope) => undoRelease(scope, kept));
    expect(without(await school.stored(id))).toEqual(without(before));
    expect(await school.states(id)).toEqual([{ consultantId: li.id, state: 'following' }]);

    const again = await li.does((scope) => releaseCustomer(scope, { customerId: id, reason: '不接电话' }));
    await claims(wang, id);
    expect(await refusalOf(li.does((scope) => undoRelease(scope, again.kept)))).toMatchObject({
      code: 'changed_since',
    });
  });

  it('of a follow-up, restores last and next contact and removes the note', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-18', contacted: '2026-11-19' });
    await li.says('我的客户');
    const receipt = await li.says('跟进 1 约了周五试听');
    expect(receipt.replace(/[A-Z2-9]{4}$/, 'CODE')).toBe(
      '已记下：王小雨 · 约了周五试听\n下次联系 周五 11-27，但等不到那天：最晚 周二 11-24 再联系一次，过了会回公海。撤销 CODE',
    );
    expect(await school.stored(id)).toMatchObject({
      lastContactedOn: new Date('2026-11-21'),
      nextContactOn: new Date('2026-11-27'),
      followUps: [{ note: '约了周五试听' }],
    });

    await li.says('撤销');
    expect(await school.stored(id)).toMatchObject({
      lastContactedOn: new Date('2026-11-19'),
      nextContactOn: null,
      followUps: [],
    });
  });
});

describe('撤销 said twice', () => {
  it('takes back the follow-up, then the claim before it', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({ name: '王小雨', received: '2026-11-03', contacted: '2026-11-05' });
    const before = await school.stored(id);
    await li.says('公海');
    await li.says('抢 1');
    await li.says('跟进 1 约了周五试听');
    expect(await li.says('撤销')).toContain('王小雨');
    expect(await li.says('撤销')).toContain('已撤销：王小雨');
    expect(without(await school.stored(id))).toEqual(without(before));
    expect(await school.states(id)).toMatchObject([{ state: 'undone' }]);
  });
});

describe('transferring', () => {
  it('gives the customer to another with new dates; it counts as no loss for who had it', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const head = await school.head('周总');
    const id = await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-10', contacted: '2026-11-18' });
    const before = await school.stored(id);
    const { kept } = await head.does((scope) =>
      transferCustomer(scope, { customerId: id, consultantId: wang.id, reason: '休假' }),
    );
    expect(await school.stored(id)).toMatchObject({
      consultantId: wang.id,
      receivedOn: new Date('2026-11-21'),
      lastConsultantId: null,
    });
    expect(await school.stored(id)).toMatchObject({
      assignments: [
        { state: 'transferred', memo: '休假' },
        { consultantId: wang.id, state: 'following', origin: 'transferred' },
      ],
    });
    expect(await school.notices()).toMatchObject([
      { kind: 'claimed', personId: li.id, data: { customer: '王小雨', by: '王强' } },
      { kind: 'transferred', personId: wang.id, data: { customer: '王小雨', from: '李娜' } },
    ]);

    await head.does((scope) => undoTransfer(scope, kept));
    expect(without(await school.stored(id))).toEqual(without(before));
    expect(await school.states(id)).toEqual([
      { consultantId: li.id, state: 'following' },
      { consultantId: wang.id, state: 'undone' },
    ]);

    await head.does((scope) => transferCustomer(scope, { customerId: id, consultantId: wang.id }));
    await wang.does((scope) => releaseCustomer(scope, { customerId: id, reason: '没兴趣' }));
    await claims(li, id);
    expect(await school.stored(id)).toMatchObject({ consultantId: li.id });
  });

  it('refuses the holder again, somebody inactive, and a consultant without the permission', async () => {
    const [li, gone] = (await school.consultants('李娜', '走了')) as [Somebody, Somebody];
    const head = await school.head('周总');
    const id = await school.customer({ name: '王小雨', heldBy: li });
    await school.prisma().person.update({ where: { id: gone.id }, data: { active: false } });
    const transfer = (who: Somebody, consultantId: number) =>
      refusalOf(who.does((scope) => transferCustomer(scope, { customerId: id, consultantId })));
    expect(await transfer(head, li.id)).toMatchObject({ code: 'already_theirs' });
    expect(await transfer(head, gone.id)).toMatchObject({ code: 'not_a_consultant' });
    expect(await transfer(li, gone.id)).toMatchObject({ code: 'not_found' });
  });
});

describe('releasing', () => {
  it('of an enrolled customer is refused, of another’s is not found', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const won = await school.customer({ name: '王小雨', heldBy: li, status: 'enrolled', state: 'won' });
    const release = (who: Somebody) =>
      refusalOf(who.does((scope) => releaseCustomer(scope, { customerId: won, reason: '试试' })));
    expect(await release(li)).toMatchObject({ code: 'already_enrolled' });
    expect(await release(wang)).toMatchObject({ code: 'not_found' });
  });
});

/** A customer without what every change moves on, and without its rows. */
function without<T extends Record<string, unknown>>(customer: T) {
  const { version, updatedAt, assignments, followUps, ...rest } = customer;
  return rest;
}
