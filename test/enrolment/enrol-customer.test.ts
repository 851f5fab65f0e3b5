import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { refusalOf, type Somebody, useTeaching } from '../teaching/teaching-school.ts';

const school = useTeaching();
const give = (cohortId: number, customerId: number) => ({ customerId, cohortId, paid: 5000, kind: 'deposit' as const });
const enrol = (who: Somebody, cohortId: number, customerId: number) =>
  who.does((scope) => school.enrol(scope, give(cohortId, customerId)));

describe('enrolCustomer', () => {
  it('records the payment, makes student and account, joins the cohort, enrols and wins, in one go', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort({ course: 'Java开发', price: 19800 });
    const customer = await school.customer('王小雨', li, { phone: '13800138001' });
    const enrolled = await enrol(li, cohort.id, customer.id);
    expect(enrolled).toMatchObject({
      name: '王小雨',
      username: '13800138001',
      cohort: { name: 'Java开发(9期)' },
      paid: 5000,
    });
    expect(enrolled.password).toMatch(/^[a-z0-9]{12}$/);

    const stored = await school.prisma().customer.findUniqueOrThrow({
      where: { id: customer.id },
      include: {
        assignments: true,
        payments: true,
        student: { include: { person: { include: { roles: { include: { role: true } } } }, cohorts: true } },
      },
    });
    expect(stored).toMatchObject({ status: 'enrolled', consultantId: li.id });
    expect(stored.assignments.map(({ state }) => state)).toEqual(['won']);
    expect(stored.payments).toMatchObject([{ kind: 'deposit', cohortId: cohort.id, consultantId: li.id }]);
    expect(Number(stored.payments[0]?.dealAmount)).toBe(19800);
    expect(stored.student?.cohorts).toMatchObject([{ cohortId: cohort.id, leftOn: null }]);
    expect(stored.student?.person).toMatchObject({ name: '王小雨', phone: '13800138001', active: true });
    expect(stored.student?.person.roles.map(({ role }) => role.code)).toEqual(['student']);
    expect(stored.student?.person.passwordHash).toMatch(/^\$argon2id\$/);
  });

  it('never happens twice', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort();
    const customer = await school.customer('王小雨', li);
    await enrol(li, cohort.id, customer.id);
    expect(await refusalOf(enrol(li, cohort.id, customer.id))).toMatchObject({ code: 'already_enrolled' });
    expect(await school.prisma().payment.count({ where: { customerId: customer.id } })).toBe(1);
  });

  it('is for the holder’s own customer, or an administrator; a head may see but not enrol', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort();
    const customer = await school.customer('王小雨', li);
    expect((await refusalOf(enrol(await school.consultant('王强'), cohort.id, customer.id))).code).toBe('not_found');
    const department = await school.prisma().department.create({ data: { code: 1005, title: '课程顾问' } });
    const head = await school.person('周敏', ['head']);
    await school
      .prisma()
      .staff.updateMany({ where: { personId: { in: [li.id, head.id] } }, data: { departmentId: department.id } });
    const asHead = { ...head.actor, departmentId: department.id };
    const byHead = school.inTransaction(asHead, 'web', (scope) => school.enrol(scope, give(cohort.id, customer.id)));
    expect(await refusalOf(byHead)).toMatchObject({
      code: 'not_your_customer',
      message: '王小雨由李娜负责，只有李娜或管理员能报名',
    });
    expect(await enrol(await school.admin(), cohort.id, customer.id)).toMatchObject({ name: '王小雨' });
    const payment = await school.prisma().payment.findFirstOrThrow({ where: { customerId: customer.id } });
    expect(payment.consultantId).toBe(li.id);
  });

  it('is refused for the pool, for cohorts that are over or unknown, and then leaves nothing behind', async () => {
    const [li, admin] = [await school.consultant('李娜'), await school.admin()];
    const cohort = await school.cohort();
    const pooled = await school.customer('公海的', null);
    expect((await refusalOf(enrol(li, cohort.id, pooled.id))).code).toBe('in_pool');
    expect((await refusalOf(enrol(admin, cohort.id, pooled.id))).code).toBe('in_pool');
    const customer = await school.customer('王小雨', li);
    const over = await school.cohort({ graduatesOn: '2026-11-20' });
    expect((await refusalOf(enrol(li, over.id, customer.id))).code).toBe('cohort_over');
    expect((await refusalOf(enrol(li, 999_999, customer.id))).code).toBe('no_such_cohort');
    const stored = await school
      .prisma()
      .customer.findUniqueOrThrow({ where: { id: customer.id }, include: { assignments: true, student: true } });
    expect(stored).toMatchObject({ status: 'notEnrolled', student: null });
    expect(stored.assignments.map(({ state }) => state)).toEqual(['following']);
  });

  it('gives another user name where the phone number is taken or there is none', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort();
    const first = await school.customer('甲', li, { qq: '12345678' });
    expect((await enrol(li, cohort.id, first.id)).username).toBe('12345678');
    await school.prisma().person.update({ where: { id: li.id }, data: { username: '13900000009' } });
    const second = await school.customer('乙', li, { phone: '13900000009' });
    expect((await enrol(li, cohort.id, second.id)).username).toBe(`stu${second.id}`);
  });

  postgresOnly('with two connections at once', () => {
    it('when consultant and administrator enrol the same customer at the same moment, one succeeds and all is there once', async () => {
      const [li, admin] = [await school.consultant('李娜'), await school.admin()];
      const cohort = await school.cohort();
      const other = await openDatabase({ databaseUrl: school.database().databaseUrl, log: quietLog });
      for (let round = 0; round < 5; round += 1) {
        const customer = await school.customer(`同时${round}`, li);
        const input = give(cohort.id, customer.id);
        const results = await Promise.allSettled([
          school.inTransaction(li.actor, 'chat', (scope) => school.enrol(scope, input)),
          school.transactionsOf(other)(admin.actor, 'web', (scope) => school.enrol(scope, input)),
        ]);
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const lost = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
        expect(lost.reason.code).toBe('already_enrolled');
        expect(await school.prisma().payment.count({ where: { customerId: customer.id } })).toBe(1);
        expect(await school.prisma().student.count({ where: { customerId: customer.id } })).toBe(1);
      }
      await other.close();
    });
  });
});

describe('报名 in chat and on its page', () => {
  it('reads number, cohort and amount as people write them', async () => {
    const li = await school.consultant('李娜');
    await school.cohort({ course: '云原生', term: 9 });
    await school.cohort({ course: '云原生', term: 10 });
    await school.customer('王小雨', li);
    expect(await li.says('报名 1 云原生 5000')).toContain('还没有列表');
    await li.says('我的客户');
    expect(await li.says('报名 1')).toMatch(/^报哪个班？可以报.*。写成「报名 1 \S+ 19800」这样$/);
    expect(await li.says('报名 1 云原生 5000')).toContain('「云原生」有 2 个：');
    expect(await li.says('报名 1 云原生10期')).toContain('交了多少');
    expect(await li.says('报名 1 云原生（10期） 1.98万')).toMatch(
      /^给王小雨报名 云原生\(10期\)，实收 19800 元？\n.*撤不回来\n十分钟内回复「确认」/,
    );
    await li.says('我的客户');
    expect(await li.says('确认')).toBe('没有等着确认的事');
    expect(await school.prisma().payment.count({ where: { consultantId: li.id } })).toBe(0);
    await li.says('报名 1 云原生（10期） 1.98万');
    const answer = await li.says('确认');
    expect(answer).toContain('报名好了：王小雨 · 云原生(10期)\n实收 19800 元，已记成单');
    expect(answer).toMatch(/一次性密码 [a-z0-9]{12}/);
    expect(answer).not.toContain('撤销');
    expect(await li.says('报名 1 云原生10期 5000')).toContain('已经报过名了');
    expect(await li.says('撤销')).toBe('「报名」撤不回来，确认前说过。要改请找管理员');
  });

  it('finds the cohort by the beginning of its course with the term, and by its campus where two are of one name', async () => {
    const li = await school.consultant('李娜');
    await school.cohort({ course: '大数据开发', term: 3, campus: '北京校区' });
    await school.cohort({ course: '大数据开发', term: 3, campus: '上海校区' });
    await school.cohort({ course: '大数据开发', term: 4, campus: '上海校区' });
    await school.cohort({ course: '大数据', term: 4, campus: '上海校区' });
    await school.customer('王小雨', li);
    await li.says('我的客户');
    expect(await li.says('报名 1 大数据开 4期')).toContain('交了多少');
    expect(await li.says('报名 1 大数据 4期')).toContain('交了多少');
    expect(await li.says('报名 1 大数据开 3期 100')).toContain('大数据开发(3期) 上海校区、大数据开发(3期) 北京校区');
    expect(await li.says('报名 1 大数据开发(3期) 上海校区 100')).toContain(
      '报名 大数据开发(3期) 上海校区，实收 100 元？',
    );
    expect(await li.says('确认')).toContain('报名好了：王小雨 · 大数据开发(3期)');
    const [membership] = await school.prisma().cohortStudent.findMany({
      where: { student: { customer: { consultantId: li.id } } },
      include: { cohort: { include: { campus: true } } },
    });
    expect(membership?.cohort.campus.name).toBe('上海校区');
  });

  it('tells the password again when the message is delivered again, and keeps it readable in no table', async () => {
    const li = await school.consultant('李娜');
    await school.cohort({ course: '云计算', term: 1 });
    await school.customer('王小雨', li);
    await li.says('我的客户');
    await li.says('报名 1 云计算 5000');
    const answer = await li.says('确认', 'delivery-1');
    const password = /一次性密码 ([a-z0-9]{12})/.exec(answer)?.[1] ?? 'none';
    expect(password).not.toBe('none');
    expect(await li.says('确认', 'delivery-1')).toBe(answer);

    const tables = await school.prisma().$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
    expect(tables.map(({ name }) => name)).toContain('MessageReceipt');
    const telling = [];
    for (const { name } of tables) {
      const [{ count } = { count: 0n }] = await school
        .prisma()
        .$queryRawUnsafe<{ count: bigint }[]>(
          `SELECT count(*) FROM "${name}" t WHERE strpos(t::text, $1) > 0`,
          password,
        );
      if (count > 0) telling.push(name);
    }
    expect(telling).toEqual([]);
  });

  it('is a form on the customer’s record', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort();
    const customer = await school.customer('王小雨', li);
    const visitor = await li.visits();
    const html = async (path: string, init: RequestInit = {}) => {
      const answer = await visitor.fetch(path, { ...init, headers: { Accept: 'text/html' } });
      return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
    };
    const path = `/customers/${customer.id}/enrol`;
    expect((await html(`/customers/${customer.id}`)).text).toContain(path);
    expect((await html(path)).text).toContain('王小雨报名');
    const empty = await html(path, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: 'csrf', cohortId: '', paid: '' }),
    });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('请选一个班');
    expect(empty.text).toContain('请填金额，写数字');
    const sent = await html(path, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: 'csrf', cohortId: String(cohort.id), paid: '5000.50' }),
    });
    expect([sent.status, sent.location]).toEqual([303, `/customers/${customer.id}`]);
    const again = await visitor.json('POST', path, { cohortId: cohort.id, paid: 1 });
    expect([again.status, again.body.error.code]).toEqual([409, 'already_enrolled']);
    const { body } = await visitor.json('GET', '/payments');
    expect(body.rows).toMatchObject([
      { customer: { name: '王小雨' }, paid: 5000.5, kind: 'deposit', consultant: { name: '李娜' } },
    ]);
    expect((await (await (await school.consultant('王强')).visits()).json('GET', '/payments')).body.total).toBe(0);
  });

  it('payments are recorded by administrators, by label or id, today and by the holder', async () => {
    const [li, admin] = [await school.consultant('李娜'), await (await school.admin()).visits()];
    const customer = await school.customer('王小雨', li);
    const made = await admin.json('POST', '/payments', { customerId: customer.id, kind: '学费', paid: 14800 });
    expect(made.status).toBe(201);
    expect(made.body.row).toMatchObject({
      kind: 'tuition',
      paid: 14800,
      date: '2026-11-21',
      consultant: { name: '李娜' },
      cohort: null,
    });
    const changed = await admin.json('PATCH', `/payments/${made.body.row.id}`, { note: '转账' });
    expect(changed.body.row).toMatchObject({ kind: 'tuition', paid: 14800, note: '转账' });
    expect((await admin.json('POST', '/payments', { customerId: 999_999, paid: 1 })).status).toBe(422);
    expect((await (await li.visits()).json('POST', '/payments', { customerId: customer.id, paid: 1 })).status).toBe(
      403,
    );
  });
});
