import { beforeEach, describe, expect, it } from 'vitest';
import { editCustomer, removeCourse, removeCustomer } from '../../src/customers/edit-customer.ts';
import { enterCustomer, undoEntry } from '../../src/customers/enter-customer.ts';
import { EditCustomer, EnterCustomer } from '../../src/customers/schema.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { refusalOf, type Somebody, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();
const enters = (who: Somebody, input: Record<string, unknown>, kind: 'self' | 'pool' = 'self') =>
  who.does((scope) => enterCustomer(scope, EnterCustomer.parse(input), { kind }));
const edits = (who: Somebody, id: number, input: Record<string, unknown>) =>
  who.does((scope) => editCustomer(scope, id, EditCustomer.parse(input)));

beforeEach(() => school.empty());

describe('entering', () => {
  it('by a consultant stays theirs, received and contacted today, and alerts nobody', async () => {
    const li = await school.consultant('李娜');
    const course = await school.prisma().course.create({ data: { name: 'Python全栈' } });
    const { customerId } = await enters(li, {
      name: '王小雨',
      phone: '138 0013 8000',
      source: '百度推广',
      courseIds: [course.id],
    });
    expect(await school.stored(customerId)).toMatchObject({
      name: '王小雨',
      phone: '13800138000',
      source: 'baidu',
      status: 'notEnrolled',
      consultantId: li.id,
      enteredById: li.id,
      receivedOn: new Date('2026-11-21'),
      lastContactedOn: new Date('2026-11-21'),
      pooledAt: null,
      assignments: [{ consultantId: li.id, state: 'following', origin: 'entered', turnId: null }],
    });
    expect(await school.prisma().customerCourse.count({ where: { customerId } })).toBe(1);
    expect(await school.notices()).toEqual([]);
  });

  it('for a consultant whose turn it is, alerts them with what matters', async () => {
    const [li, head] = [await school.consultant('李娜'), await school.head('周总')];
    const { customerId } = await head.does((scope) =>
      enterCustomer(scope, EnterCustomer.parse({ name: '王小雨', qq: '12345678', source: 'baidu' }), {
        kind: 'consultant',
        id: li.id,
        turnId: null,
      }),
    );
    expect(await school.notices()).toMatchObject([
      {
        kind: 'assigned',
        personId: li.id,
        urgent: true,
        entity: 'customer',
        entityId: customerId,
        data: { customer: '王小雨', source: '百度推广', at: '11-21 14:30' },
      },
    ]);
    expect(await school.stored(customerId)).toMatchObject({ assignments: [{ origin: 'assigned' }] });
  });

  it('with nobody to take it, is in the pool as unassigned', async () => {
    const head = await school.head('周总');
    const { customerId } = await enters(head, { name: '王小雨', qq: '12345678' }, 'pool');
    expect(await school.stored(customerId)).toMatchObject({
      consultantId: null,
      poolReason: 'unassigned',
      pooledAt: school.clock.now(),
      assignments: [],
    });
  });

  it('with courses or students that do not exist, says so', async () => {
    const li = await school.consultant('李娜');
    expect(await refusalOf(enters(li, { name: '王小雨', qq: '12345678', courseIds: [99] }))).toMatchObject({
      code: 'invalid_fields',
    });
    expect(await refusalOf(enters(li, { name: '王小雨', qq: '12345678', referralId: 99 }))).toMatchObject({
      code: 'invalid_fields',
    });
  });

  it('taken back, was never there; after a follow-up it stays', async () => {
    const li = await school.consultant('李娜');
    const first = await enters(li, { name: '王小雨', qq: '12345678' });
    await li.does((scope) => undoEntry(scope, first.kept));
    expect(await school.prisma().customer.count()).toBe(0);

    const again = await enters(li, { name: '王小雨', qq: '12345678' });
    await li.does((scope) => writeFollowUp(scope, { customerId: again.customerId, note: '聊过了' }));
    expect(await refusalOf(li.does((scope) => undoEntry(scope, again.kept)))).toMatchObject({ code: 'changed_since' });
  });

  it('by two at the same moment, is one customer; the other is told who has it', async () => {
    const people = await school.consultants(...Array.from({ length: 10 }, (_, n) => `顾问${n}`));
    const results = await Promise.all(
      people.map((who) => refusalOf(enters(who, { name: '王小雨', phone: '13800138000' }))),
    );
    expect(results.filter(({ code }) => code === 'none')).toHaveLength(1);
    expect(results.filter(({ code }) => code === 'duplicate')).toHaveLength(9);
    expect(await school.prisma().customer.count()).toBe(1);
  });
});

describe('entering somebody known', () => {
  it('names who is responsible and nothing else of the file; they are told once a day', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const id = await school.customer({ name: '王小雨', phone: '13800138000', heldBy: li });
    const refused = await refusalOf(enters(wang, { name: '小王', phone: '+86 13800138000' }));
    expect(refused).toEqual({ code: 'duplicate', message: '这位客户已经由李娜负责，已告诉李娜客户又来咨询了' });
    await refusalOf(enters(wang, { name: '小王', phone: '13800138000' }));
    expect(await school.notices()).toMatchObject([
      { kind: 'duplicate', personId: li.id, urgent: true, entityId: id, data: { customer: '王小雨', by: '王强' } },
    ]);
  });

  it('who is in the pool, says so and offers to grab', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', phone: '13800138000' });
    expect(await refusalOf(enters(li, { name: '小王', phone: '13800138000' }))).toMatchObject({
      code: 'duplicate',
      message: '王小雨已经在公海里，不用再录入，到公海里抢就行',
    });
    expect(await school.notices()).toEqual([]);
  });

  it('who is one’s own, says so and tells nobody', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', phone: '13800138000', heldBy: li });
    expect(await refusalOf(enters(li, { name: '小王', phone: '13800138000' }))).toMatchObject({
      code: 'duplicate',
      message: '王小雨已经是你的客户了，直接跟进就好',
    });
    expect(await school.notices()).toEqual([]);
  });

  it('by keys of two different customers, names both holders and tells both', async () => {
    const [li, wang, zhao] = (await school.consultants('李娜', '王强', '赵敏')) as [Somebody, Somebody, Somebody];
    await school.customer({ phone: '13800138000', heldBy: li });
    await school.customer({ qq: '12345678', heldBy: wang });
    const { message } = await refusalOf(enters(zhao, { name: '小王', phone: '13800138000', qq: '12345678' }));
    expect(message).toBe('填的联系方式属于两位不同的客户：一位由李娜负责，一位由王强负责。核对一下再录入');
    expect((await school.notices()).map(({ personId }) => personId)).toEqual([li.id, wang.id]);
  });
});

describe('editing', () => {
  it('changes what is named, clears what is emptied, and keeps who changed what', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({
      name: '王小雨',
      phone: '13800138000',
      qq: '12345678',
      heldBy: li,
      courses: ['Linux'],
    });
    const course = await school.prisma().course.create({ data: { name: 'Python全栈' } });
    await edits(li, id, { qq: '', education: '大专', courseIds: [course.id] });
    expect(await school.stored(id)).toMatchObject({
      name: '王小雨',
      qq: null,
      phone: '13800138000',
      education: 'juniorCollege',
      version: 1,
    });
    expect(await school.prisma().customerCourse.findMany({ where: { customerId: id } })).toMatchObject([
      { courseId: course.id },
    ]);
    expect(
      await school.prisma().auditEntry.findFirst({ where: { entity: 'Customer', entityId: id, action: 'edit' } }),
    ).toMatchObject({ actorId: li.id, channel: 'web' });

    await li.does((scope) => removeCourse(scope, { customerId: id, courseId: course.id }));
    expect(await school.prisma().customerCourse.count({ where: { customerId: id } })).toBe(0);
  });

  it('to another’s contact is refused, as is leaving no contact at all', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const id = await school.customer({ phone: '13800138000', heldBy: li });
    await school.customer({ phone: '13900139000', heldBy: wang });
    expect(await refusalOf(edits(li, id, { phone: '13900139000' }))).toMatchObject({
      code: 'duplicate',
      message: expect.stringContaining('由王强负责'),
    });
    expect(await refusalOf(edits(li, id, { phone: '' }))).toMatchObject({ code: 'invalid_fields' });
    expect(await school.stored(id)).toMatchObject({ phone: '13800138000', version: 0 });
  });

  it('of many to one contact at the same moment, gives it to one; the others are told', async () => {
    const li = await school.consultant('李娜');
    const ids = await Promise.all(Array.from({ length: 8 }, () => school.customer({ heldBy: li })));
    for (let round = 0; round < 5; round += 1) {
      const phone = `1380013800${round}`;
      const results = await Promise.all(ids.map((id) => refusalOf(edits(li, id, { phone }))));
      const told = results.filter(({ code }) => code === 'duplicate');
      expect([results.filter(({ code }) => code === 'none').length, told.length]).toEqual([1, 7]);
      for (const { message } of told) expect(message).toMatch(/^这个联系方式.*另一位客户的/);
      expect(await school.prisma().customer.count({ where: { phone } })).toBe(1);
    }
  });

  it('of a pool customer or another’s is refused', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const pooled = await school.customer();
    const private_ = await school.customer({ heldBy: wang });
    expect(await refusalOf(edits(li, pooled, { name: '改名' }))).toMatchObject({ code: 'in_pool' });
    expect(await refusalOf(edits(li, private_, { name: '改名' }))).toMatchObject({ code: 'not_found' });
    expect(
      await refusalOf(li.does((scope) => writeFollowUp(scope, { customerId: pooled, note: '试试' }))),
    ).toMatchObject({ code: 'in_pool' });
    expect(
      await refusalOf(li.does((scope) => writeFollowUp(scope, { customerId: private_, note: '试试' }))),
    ).toMatchObject({ code: 'not_found' });
  });

  it('deleting takes the history along, but not of somebody who paid', async () => {
    const [li, head] = [await school.consultant('李娜'), await school.head('周总')];
    const id = await school.customer({ heldBy: li });
    await head.does((scope) => removeCustomer(scope, id));
    expect(await school.prisma().assignment.count({ where: { customerId: id } })).toBe(0);

    const paid = await school.customer({ heldBy: li });
    await school.prisma().student.create({ data: { personId: head.id, customerId: paid } });
    expect(await refusalOf(head.does((scope) => removeCustomer(scope, paid)))).toMatchObject({ code: 'has_history' });
  });
});
