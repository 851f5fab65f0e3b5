import { beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { dayFromDb } from '../../src/kernel/school-time.ts';
import { PASSWORD, usePeople, type Visitor } from './people-school.ts';

const school = usePeople();
let admin: Visitor;
let adminId = 0;
const roleIds = async (...codes: string[]) =>
  (await school.prisma().role.findMany({ where: { code: { in: codes } } })).map(({ id }) => id);
const rolesOf = async (personId: number) =>
  (await school.prisma().personRole.findMany({ where: { personId }, include: { role: true } }))
    .map(({ role }) => role.code)
    .sort();

beforeAll(async () => {
  const person = await school.person({ name: '管理员', username: 'admin', roles: ['administrator'] });
  adminId = person.id;
  admin = school.visitor();
  await admin.signIn('admin');
});

describe('/staff', () => {
  it('when somebody is added without a password, a one-time one is shown once and signs them in', async () => {
    const department = await school.prisma().department.create({ data: { code: 1005, title: '课程顾问' } });
    const { status, body } = await admin.json('POST', '/staff', {
      name: '孙悦',
      username: 'SunYue',
      phone: '138 0013 8001',
      departmentId: department.id,
      roleIds: await roleIds('consultant', 'staff'),
    });

    expect({ status, row: body.row }).toMatchObject({
      status: 201,
      row: {
        name: '孙悦',
        username: 'sunyue',
        phone: '13800138001',
        active: true,
        bound: false,
        department: { id: department.id, name: '课程顾问' },
      },
    });
    const [password = ''] = /[a-z2-9]{12}/.exec(body.message) ?? [];
    expect((await school.visitor().signIn('sunyue', password)).status).toBe(200);
    expect(JSON.stringify((await admin.json('GET', `/staff/${body.row.id}`)).body)).not.toMatch(/password|argon2/i);
  });

  it('when the name is taken, says so', async () => {
    const li = await school.person();
    const answer = await admin.json('POST', '/staff', { name: '另一位', username: li.username });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'username_taken' } } });
  });

  it('when one field is changed, all others stay', async () => {
    const li = await school.person({ roles: ['consultant', 'staff'] });
    await school
      .prisma()
      .person.update({ where: { id: li.id }, data: { email: 'li@example.com', phone: '13800138002' } });
    await school.prisma().staff.update({ where: { personId: li.id }, data: { onLeaveUntil: new Date('2026-12-01') } });

    const { status, body } = await admin.json('PATCH', `/staff/${li.id}`, { name: '李娜娜' });

    expect({ status, row: body.row }).toMatchObject({
      status: 200,
      row: { name: '李娜娜', email: 'li@example.com', phone: '13800138002', onLeaveUntil: '2026-12-01' },
    });
    expect(await rolesOf(li.id)).toEqual(['consultant', 'staff']);
  });

  it('when active is taken away, they are out at once and stay out until it is given back', async () => {
    const li = await school.person({ roles: ['staff'] });
    const visitor = school.visitor();
    await visitor.signIn(li.username);

    const gone = await admin.json('PATCH', `/staff/${li.id}`, { active: false });
    expect(gone).toMatchObject({ status: 200, body: { row: { active: false } } });
    expect((await visitor.json('GET', '/me')).status).toBe(401);
    expect((await school.visitor().signIn(li.username)).status).toBe(401);

    expect((await admin.json('PATCH', `/staff/${li.id}`, { active: '是' })).body.row.active).toBe(true);
    expect((await school.visitor().signIn(li.username)).status).toBe(200);
    const oneself = await admin.json('PATCH', `/staff/${adminId}`, { active: false });
    expect(oneself).toMatchObject({ status: 409, body: { error: { code: 'is_oneself' } } });
  });

  it('when a password is given, the old one and its sessions end', async () => {
    const li = await school.person({ roles: ['staff'] });
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const { body } = await admin.json('PATCH', `/staff/${li.id}`, { password: 'quite another one' });
    expect(JSON.stringify(body)).not.toMatch(/another|argon2/);
    expect((await visitor.json('GET', '/me')).status).toBe(401);
    expect((await school.visitor().signIn(li.username)).status).toBe(401);
    expect((await school.visitor().signIn(li.username, 'quite another one')).status).toBe(200);
  });

  it('when somebody goes on leave, the day is kept and the rota hears of it', async () => {
    const li = await school.person();
    school.staffChanges.length = 0;
    await admin.json('PATCH', `/staff/${li.id}`, { onLeaveUntil: '2026-12-05' });
    const { onLeaveUntil } = await school.prisma().staff.findUniqueOrThrow({ where: { personId: li.id } });
    expect(onLeaveUntil && dayFromDb(onLeaveUntil)).toBe('2026-12-05');
    expect(school.staffChanges).toEqual([adminId]);
  });

  it('when roles are changed, they hold at the next request', async () => {
    const li = await school.person({ roles: ['staff'] });
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    expect((await visitor.json('GET', '/staff')).status).toBe(403);
    await admin.json('PATCH', `/staff/${li.id}`, { roleIds: await roleIds('staff', 'head') });
    expect((await visitor.json('GET', '/staff')).status).toBe(200);
  });

  it('when a role is unknown, is refused and nothing changes', async () => {
    const li = await school.person({ roles: ['staff'] });
    const answer = await admin.json('PATCH', `/staff/${li.id}`, { name: '改名', roleIds: [999_999] });
    expect(answer.body.error.code).toBe('no_such_role');
    expect(await school.prisma().person.findUnique({ where: { id: li.id } })).toMatchObject({ name: li.name });
  });

  it('when a department or campus is not there, says so at the field and nothing changes', async () => {
    const li = await school.person({ roles: ['staff'] });
    for (const field of ['departmentId', 'campusId']) {
      const fields = { [field]: expect.stringContaining('重新选一下') };
      const edited = await admin.json('PATCH', `/staff/${li.id}`, { name: '改名', [field]: 999_999 });
      expect(edited).toMatchObject({ status: 422, body: { error: { code: 'invalid_fields', fields } } });
      const added = {
        name: '新来',
        username: `new-${field.toLowerCase()}`,
        [field]: 999_999,
        roleIds: await roleIds('staff'),
      };
      expect(await admin.json('POST', '/staff', added)).toMatchObject({ status: 422, body: { error: { fields } } });
    }
    expect(await school.prisma().person.findUnique({ where: { id: li.id } })).toMatchObject({ name: li.name });
    expect(await school.prisma().person.count({ where: { name: '新来' } })).toBe(0);
  });

  it('when the only administrator would give the role up, is refused', async () => {
    const answer = await admin.json('PATCH', `/staff/${adminId}`, { roleIds: await roleIds('staff') });
    expect(answer.body.error.code).toBe('last_administrator');
    expect(await rolesOf(adminId)).toEqual(['administrator']);
  });

  it('when filtered by department, role and state, shows who fits', async () => {
    const department = await school.prisma().department.create({ data: { code: 1001, title: '销售部' } });
    const li = await school.person({ name: '钱进', roles: ['tutor'] });
    await school.prisma().staff.update({ where: { personId: li.id }, data: { departmentId: department.id } });
    const names = async (query: string) =>
      (await admin.json('GET', `/staff?${query}`)).body.rows.map(({ name }: { name: string }) => name);
    expect(await names(`departmentId=${department.id}`)).toEqual(['钱进']);
    expect(await names(`q=${encodeURIComponent('钱')}`)).toEqual(['钱进']);
    expect(await names(`roleIds=${(await roleIds('tutor'))[0]}`)).toEqual(['钱进']);
    expect(await names(`departmentId=${department.id}&active=false`)).toEqual([]);
  });

  it('when shown as a page, has a table and the form to add somebody', async () => {
    const list = await (await admin.fetch('/staff')).text();
    expect(list).toContain('<table');
    const form = await (await admin.fetch('/staff/new')).text();
    expect(form).toContain('用户名');
  });

  it('when a consultant asks for it, is refused', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    expect((await visitor.json('GET', '/staff')).status).toBe(403);
    expect((await visitor.json('POST', '/staff/actions/deactivate', { ids: [adminId] })).status).toBe(403);
  });

  it('when the head of a department lists it, sees that department only', async () => {
    const [mine, other] = [
      await school.prisma().department.create({ data: { code: 2001, title: '一部' } }),
      await school.prisma().department.create({ data: { code: 2002, title: '二部' } }),
    ];
    const put = (personId: number, departmentId: number) =>
      school.prisma().staff.update({ where: { personId }, data: { departmentId } });
    const head = await school.person({ name: '主管', roles: ['head'] });
    const [li, wang] = [await school.person({ name: '组员' }), await school.person({ name: '外人' })];
    await Promise.all([put(head.id, mine.id), put(li.id, mine.id), put(wang.id, other.id)]);
    const visitor = school.visitor();
    await visitor.signIn(head.username);
    const { body } = await visitor.json('GET', '/staff');
    expect(body.rows.map(({ name }: { name: string }) => name)).toEqual(['主管', '组员']);
  });
});

describe('actions on staff', () => {
  it('when somebody is deactivated, their sessions end at once and they cannot sign in', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username, PASSWORD, { remember: true });
    expect((await admin.json('POST', '/staff/actions/deactivate', { ids: [li.id] })).status).toBe(200);

    expect((await visitor.json('GET', '/me')).status).toBe(401);
    expect(await school.prisma().session.count({ where: { personId: li.id } })).toBe(0);
    expect((await school.visitor().signIn(li.username)).status).toBe(401);
  });

  it('when somebody comes back, they sign in anew; the old session stays ended', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    await admin.json('POST', '/staff/actions/deactivate', { ids: [li.id] });
    await admin.json('POST', '/staff/actions/activate', { ids: [li.id] });
    expect((await visitor.json('GET', '/me')).status).toBe(401);
    expect((await school.visitor().signIn(li.username)).status).toBe(200);
  });

  it('when an administrator would deactivate themselves among others, only the others are', async () => {
    const li = await school.person();
    const answer = await admin.json('POST', '/staff/actions/deactivate', { ids: [li.id, adminId] });
    expect(answer.body.results).toMatchObject([
      { id: li.id, ok: true },
      { id: adminId, ok: false },
    ]);
    const active = await school.prisma().person.findMany({ where: { id: { in: [li.id, adminId] }, active: true } });
    expect(active.map(({ id }) => id)).toEqual([adminId]);
    const alone = await admin.json('POST', '/staff/actions/deactivate', { ids: [adminId] });
    expect([alone.status, alone.body.error.code]).toEqual([409, 'is_oneself']);
  });

  it('when a password is reset, the one-time password signs in and every session ends', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const { body } = await admin.json('POST', '/staff/actions/reset-password', { ids: [li.id] });
    const [password = ''] = /[a-z2-9]{12}/.exec(body.message) ?? [];

    expect((await visitor.json('GET', '/me')).status).toBe(401);
    expect((await school.visitor().signIn(li.username)).status).toBe(401);
    expect((await school.visitor().signIn(li.username, password)).status).toBe(200);
  });

  it('when an administrator unbinds somebody, the phone is free and the history kept', async () => {
    const li = await school.person({ openid: 'openid-staff' });
    await school.prisma().binding.create({ data: { personId: li.id, openid: 'openid-staff', boundAt: new Date(0) } });
    expect((await admin.json('POST', '/staff/actions/unbind', { ids: [li.id] })).status).toBe(200);
    expect(await school.openidOf(li.id)).toBeNull();
    expect(await school.prisma().binding.findFirst({ where: { personId: li.id } })).toMatchObject({
      reason: 'unboundByAdministrator',
    });
  });
});

describe('npm run admin', () => {
  const makeAdministrator = (username: string) =>
    school.inTransaction(systemActor, 'system', (scope) => school.people.makeAdministrator(scope, username));

  it('when the name is new, makes the account with a one-time password', async () => {
    const password = await makeAdministrator('boss');
    const visitor = school.visitor();
    expect(await visitor.signIn('boss', password)).toMatchObject({
      status: 200,
      body: { person: { roles: ['administrator'] } },
    });
    expect((await visitor.json('GET', '/staff')).status).toBe(200);
  });

  it('when the name is written in capitals, is kept as it is signed in with', async () => {
    const password = await makeAdministrator(' Chief ');
    expect((await school.visitor().signIn('chief', password)).status).toBe(200);
    await expect(makeAdministrator('两 个')).rejects.toThrow('用户名');
  });

  it('when the person is known but deactivated, lets them in again as administrator', async () => {
    const li = await school.person({ roles: ['staff'], active: false });
    const password = await makeAdministrator(li.username);
    expect((await school.visitor().signIn(li.username, password)).status).toBe(200);
    expect(await rolesOf(li.id)).toEqual(['administrator', 'staff']);
  });
});

describe('/departments and /roles', () => {
  it('when a code is known, the department is refused; one with people is not deleted', async () => {
    const { body } = await admin.json('POST', '/departments', { code: 3001, title: '后勤' });
    expect(body.row).toMatchObject({ code: 3001, title: '后勤', people: 0 });
    expect((await admin.json('POST', '/departments', { code: 3001, title: '又一个' })).body.error.code).toBe(
      'department_known',
    );

    const li = await school.person();
    await school.prisma().staff.update({ where: { personId: li.id }, data: { departmentId: body.row.id } });
    expect((await admin.json('DELETE', `/departments/${body.row.id}`)).body.error.code).toBe('department_in_use');
    await school.prisma().staff.update({ where: { personId: li.id }, data: { departmentId: null } });
    expect((await admin.json('DELETE', `/departments/${body.row.id}`)).status).toBe(200);
  });

  it('when roles are listed, each says how far it sees and what it may do', async () => {
    const { body } = await admin.json('GET', '/roles');
    const consultant = body.rows.find(({ code }: { code: string }) => code === 'consultant');
    expect(consultant).toMatchObject({ title: '课程顾问', scope: 'own' });
    expect((await admin.json('GET', `/roles/${consultant.id}`)).body.row.permissions).toContain('customers.claim');
  });
});
