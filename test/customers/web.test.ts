import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerPages, customerTables } from '../../src/customers/index.ts';
import type { Actor, Grant, RowScope } from '../../src/kernel/actor.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { settingsPages } from '../../src/settings/index.ts';
import { definePage } from '../../src/web/define-page.ts';
import { type Client, NOW, useWeb } from '../web/web-school.ts';

const AREAS = ['customers.*', 'assignments.list', 'follow-ups.list', 'follow-ups.add', 'settings.edit'];
const grantsOf = (scope: RowScope, without: readonly string[] = []): Grant[] =>
  AREAS.filter((area) => !without.includes(area)).map((permission) => ({ permission, scope }));
const actor = (id: number, name: string, grants: Grant[], departmentId = 1): Actor => ({
  id,
  name,
  roles: ['consultant'],
  grants,
  departmentId,
  campusId: null,
});

const people: Record<string, Actor> = {
  li: actor(1, '李娜', grantsOf('own', ['settings.edit'])),
  wang: actor(2, '王强', grantsOf('own')),
  head: actor(3, '周总', grantsOf('department')),
  other: actor(4, '外部主管', grantsOf('department'), 2),
  narrow: actor(5, '只看百度', [{ permission: 'customers.*', scope: 'own', params: { source: ['baidu'] } }]),
};

const enter = definePage({
  method: 'POST',
  path: '/enter/:who',
  permission: 'public',
  csrf: false,
  handler: (c) => {
    c.startSession(String(c.params.who), { remember: false });
    c.json({});
  },
});

const web = useWeb({
  tables: customerTables(),
  pages: [enter, ...customerPages, ...settingsPages],
  loadSession: async (token) => {
    const found = people[token];
    return found ? { actor: found, csrf: `csrf-of-${token}`, bound: true, menu: [], sessionId: token } : null;
  },
});

const as: Record<string, Client> = {};
const day = dayToDb('2026-11-19');
let made = 0;

async function customer(name: string, consultantId: number | null, more: Record<string, unknown> = {}) {
  made += 1;
  const now = new Date(new Date(NOW).getTime() + made);
  return web.prisma().customer.create({
    data: {
      name,
      qq: String(20_000_000 + made),
      enteredOn: day,
      receivedOn: day,
      lastContactedOn: day,
      createdAt: now,
      updatedAt: now,
      ...(consultantId === null
        ? { pooledAt: now, poolReason: 'noContact' as const }
        : { consultantId, assignments: { create: { consultantId, date: day, createdAt: now, updatedAt: now } } }),
      ...more,
    },
  });
}

beforeAll(async () => {
  const now = new Date(NOW);
  for (const departmentId of [1, 2])
    await web
      .prisma()
      .department.create({ data: { id: departmentId, code: departmentId, title: `部门${departmentId}` } });
  for (const { id, name, departmentId } of Object.values(people))
    await web.prisma().person.create({
      data: {
        id: id ?? 0,
        name,
        username: randomUUID(),
        passwordHash: '-',
        createdAt: now,
        updatedAt: now,
        staff: { create: { departmentId: departmentId ?? 1 } },
      },
    });
  for (const who of Object.keys(people)) as[who] = await web.client(who);
});

describe('rows by scope', () => {
  it('a consultant sees their own and the pool, a head their department, contacts masked only for the consultant', async () => {
    const mine = await customer('范围我的', 1, { phone: '13800138001' });
    const pooled = await customer('范围公海', null, {
      phone: '13800138002',
      wechat: 'amber_wang',
      memo: '电话 13800138002',
    });
    const hers = await customer('范围别人', 2);
    const list = async (who: string, path: string) =>
      (await as[who]!.json('GET', path)).body.rows as Record<string, unknown>[];

    expect((await list('li', '/customers?q=范围')).map(({ name }) => name)).toEqual(['范围公海', '范围我的']);
    expect((await list('head', '/customers?q=范围')).map(({ name }) => name)).toEqual([
      '范围别人',
      '范围公海',
      '范围我的',
    ]);
    expect((await list('other', '/customers?q=范围')).map(({ name }) => name)).toEqual(['范围公海']);

    expect((await as.li!.json('GET', `/customers/${pooled.id}`)).body.row).toMatchObject({
      phone: '138****8002',
      wechat: 'a***g',
      memo: null,
      masked: true,
    });
    expect((await as.li!.json('GET', `/customers/${mine.id}`)).body.row).toMatchObject({
      phone: '13800138001',
      masked: false,
      consultant: { id: 1, name: '李娜' },
      receivedOn: '2026-11-19',
    });
    expect((await as.head!.json('GET', `/pool/${pooled.id}`)).body.row).toMatchObject({
      phone: '13800138002',
      pooledAt: expect.stringMatching(/^2026-11-21T14:30:00.*\+08:00$/),
    });
    expect((await as.li!.json('GET', `/customers/${hers.id}`)).status).toBe(404);
    expect((await as.li!.json('PATCH', `/customers/${hers.id}`, { name: '改名' })).status).toBe(404);
    expect((await as.li!.json('PATCH', `/customers/${pooled.id}`, { name: '改名' })).body.error.code).toBe('in_pool');
  });

  it('a masked reader finds nobody by a number, in no table, sort, page or sheet', async () => {
    const pooled = await customer('掩码', null, { phone: '13800138077', wechat: 'hidden_id' });
    for (const path of ['/customers', '/pool', '/my-customers', '/assignments'])
      for (const q of ['13800138077', '0138077', 'hidden_id'])
        expect((await as.li!.json('GET', `${path}?q=${q}`)).body.rows).toEqual([]);
    for (const path of ['/customers', '/pool', '/my-customers'])
      for (const contact of ['phone=13800138077', 'phone=138%200013%208077', 'wechat=hidden_id'])
        expect((await as.li!.json('GET', `${path}?${contact}`)).body.rows).toEqual([]);
    expect((await as.li!.json('GET', '/pool?sort=phone')).status).toBe(400);
    for (const path of [`/pool/${pooled.id}`, `/customers/${pooled.id}`, '/pool', '/customers']) {
      const html = await (await as.li!.fetch(path, { headers: { Accept: 'text/html' } })).text();
      expect(html).toContain('掩码');
      expect(html).not.toMatch(/13800138077|hidden_id/);
    }
    const sheet = Buffer.from(await (await as.li!.fetch('/pool.xlsx?q=掩码')).arrayBuffer());
    const { default: JSZip } = await import('jszip');
    const parts = await JSZip.loadAsync(sheet).then((zip) =>
      Promise.all(Object.values(zip.files).map((file) => file.async('string'))),
    );
    expect(parts.join('')).toContain('掩码');
    expect(parts.join('')).not.toMatch(/13800138077|hidden_id/);
    for (const asked of ['q=13800138077', 'phone=138-0013-8077', 'wechat=Hidden_ID'])
      expect((await as.head!.json('GET', `/pool?${asked}`)).body.rows).toMatchObject([{ id: pooled.id }]);
  });

  it('a role fixed to one source sees and claims only those', async () => {
    const baidu = await customer('限定百度', null, { source: 'baidu' });
    const seo = await customer('限定SEO', null, { source: 'seo' });
    expect((await as.narrow!.json('GET', '/pool?q=限定')).body.rows).toMatchObject([{ id: baidu.id }]);
    expect((await as.narrow!.json('POST', `/pool/${seo.id}/claim`)).status).toBe(404);
    expect((await as.narrow!.json('POST', `/pool/${baidu.id}/claim`)).status).toBe(200);
  });
});

describe('a search', () => {
  it('finds two signs anywhere in a name, one only where it begins, and % and _ as they stand', async () => {
    await customer('司马小雨', null, { wechat: 'per_cent' });
    await customer('雨百分%号', null, {});
    const names = async (q: string) =>
      ((await as.head!.json('GET', `/pool?q=${encodeURIComponent(q)}`)).body.rows as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('小雨')).toEqual(['司马小雨']);
    expect(await names('雨')).toEqual(['雨百分%号']);
    expect(await names('分%')).toEqual(['雨百分%号']);
    expect(await names('马_雨')).toEqual([]);
    expect(await names('per_cent')).toEqual(['司马小雨']);
    expect(await names('per_c_nt')).toEqual([]);
  });

  it('for a whole name, or one’s own customer’s number, is a filter of the address', async () => {
    const mine = await customer('整名', 1, { phone: '13800138055' });
    for (const path of ['/customers?name=整名', '/customers?phone=13800138055', '/customers?name=整名&name=别人'])
      expect((await as.li!.json('GET', path)).body.rows).toMatchObject([{ id: mine.id }]);
    expect((await as.li!.json('GET', '/my-customers?phone=13800138055')).body.total).toBe(1);
    expect((await as.li!.json('GET', '/customers?name=整')).body.rows).toEqual([]);
  });
});

describe('filters', () => {
  it('combine, several values in one, by label or id, and over a month without contact', async () => {
    const course = await web.prisma().course.create({ data: { name: '筛选课程' } });
    await customer('筛甲', null, { source: 'baidu', courses: { create: { courseId: course.id } } });
    await customer('筛乙', 1, { source: 'seo', status: 'enrolled', lastContactedOn: dayToDb('2026-09-01') });
    await customer('筛丙', null, { source: 'website', lastContactedOn: dayToDb('2026-09-01'), poolReason: 'noDeal' });
    const names = async (query: string) =>
      ((await as.li!.json('GET', `/customers?q=筛&sort=name&${query}`)).body.rows as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('source=百度推广&source=seo')).toEqual(['筛乙', '筛甲'].sort());
    expect(await names('source=baidu&status=enrolled')).toEqual([]);
    expect(await names(`courseId=${course.id}`)).toEqual(['筛甲']);
    expect(await names('consultantId=1')).toEqual(['筛乙']);
    expect(await names('overMonth=true')).toEqual(['筛丙', '筛乙'].sort());
    expect(await names('poolReason=十五天未成单')).toEqual(['筛丙']);
    expect(await names('lastContactedOn=2026-11-01..2026-11-30')).toEqual(['筛甲']);
  });
});

describe('one customer by its address', () => {
  it('is claimed, followed up and released; the late are told who was faster', async () => {
    const { id } = await customer('地址', null, { phone: '13800138099' });
    expect((await as.li!.json('POST', `/pool/${id}/claim`)).body.row).toMatchObject({
      id,
      phone: '13800138099',
      consultant: { id: 1, name: '李娜' },
      pooledAt: null,
    });
    const late = await as.wang!.json('POST', `/pool/${id}/claim`);
    expect([late.status, late.body.error.code]).toEqual([409, 'already_claimed']);
    expect(late.body.error.message).toContain('李娜');
    expect(late.body.error.message).not.toContain('回复');

    expect(
      (await as.li!.json('POST', `/customers/${id}/follow-ups`, { note: '想先看课表', nextContactOn: '2026-11-27' }))
        .body.row,
    ).toMatchObject({ note: '想先看课表', nextContactOn: '2026-11-27', customer: { id, name: '地址' } });
    expect((await as.li!.json('POST', `/customers/${id}/follow-ups`, { note: '' })).body.error).toMatchObject({
      code: 'invalid_fields',
      fields: { note: '请填写跟进内容' },
    });
    expect(
      (await as.li!.json('POST', `/customers/${id}/follow-ups`, { note: '晚了', nextContactOn: '2026-11-20' })).status,
    ).toBe(422);
    expect((await as.wang!.json('POST', `/customers/${id}/follow-ups`, { note: '抢先' })).status).toBe(404);

    await as.li!.json('PATCH', `/customers/${id}`, { education: '大专' });
    const page = await (await as.li!.fetch(`/customers/${id}`, { headers: { Accept: 'text/html' } })).text();
    expect(page).toContain('李娜跟进：想先看课表（下次联系 11-27）');
    expect(page).toContain('李娜抢到');
    expect(page).toContain('李娜在网页上改了学历：空 → 大专');
    expect(page).toContain('tencent://message/?uin=');

    expect((await as.li!.json('POST', `/customers/${id}/release`, { reason: '不接电话' })).body.row).toMatchObject({
      id,
      consultant: null,
      poolReason: 'released',
      phone: '138****8099',
    });
    const barred = await as.li!.json('POST', `/pool/${id}/claim`);
    expect([barred.status, barred.body.error.code]).toEqual([409, 'lost_it_last']);
    const seenByOther = await (await as.wang!.fetch(`/pool/${id}`, { headers: { Accept: 'text/html' } })).text();
    expect(seenByOther).toContain('李娜放回公海：不接电话');
    expect(seenByOther).not.toContain('想先看课表');
  });

  it('by the forms of a browser leads back with what happened', async () => {
    const { id } = await customer('表单', null);
    const claimed = await as.li!.form(`/pool/${id}/claim`, {});
    expect([claimed.status, claimed.headers.get('Location')]).toEqual([303, `/customers/${id}`]);
    expect(await (await as.li!.fetch(`/customers/${id}`, { headers: { Accept: 'text/html' } })).text()).toContain(
      '抢到了：表单',
    );
  });

  it('several are claimed at once, lost races do not take back the won ones', async () => {
    const [a, b] = [await customer('批甲', null), await customer('批乙', null)];
    await as.wang!.json('POST', `/pool/${b.id}/claim`);
    const done = await as.li!.json('POST', '/pool/actions/claim-many', { ids: [a.id, b.id] });
    expect(done.body).toMatchObject({
      claimed: 1,
      message: expect.stringContaining('抢到了：批甲；晚了一步，批乙刚被王强抢到'),
    });
  });

  it('a head transfers it, and adding one by JSON answers the row', async () => {
    const role = await web.prisma().role.create({
      data: { code: randomUUID(), title: '顾问', menu: [], grants: { create: { permission: 'customers.claim' } } },
    });
    await web.prisma().personRole.create({ data: { personId: 2, roleId: role.id } });
    const added = await as.li!.json('POST', '/customers', {
      name: '新增',
      phone: '13700137000',
      gender: '男',
      courseIds: [],
    });
    expect([added.status, added.body.row]).toMatchObject([
      201,
      { name: '新增', gender: 'male', source: 'qqGroup', status: 'notEnrolled', consultant: { id: 1 } },
    ]);
    const again = await as.wang!.json('POST', '/customers', { name: '新增', phone: '13700137000' });
    expect([again.status, again.body.error.code]).toEqual([409, 'duplicate']);
    expect((await as.li!.json('POST', '/customers', { name: '', phone: '1' })).body.error.fields).toMatchObject({
      name: '请填写姓名',
      phone: expect.any(String),
    });

    const { id } = added.body.row;
    expect(
      (await as.head!.json('POST', '/customers/actions/transfer', { ids: [id], consultantId: 2, reason: '休假' })).body
        .message,
    ).toBe('已转出：新增');
    const mine = (await as.li!.json('GET', '/my-customers?q=新增')).body.rows;
    expect(mine).toMatchObject([{ customer: { id, name: '新增' }, state: 'transferred', memo: '休假', phone: null }]);
    expect((await as.wang!.json('GET', '/my-customers?state=正在跟进&q=新增')).body.rows).toMatchObject([
      { customer: { id }, phone: '13700137000' },
    ]);
    expect((await as.li!.json('PATCH', `/assignments/${mine[0].id}`, { state: 'won' })).status).toBeGreaterThanOrEqual(
      404,
    );
  });
});

describe('my-customers, assignments and follow-ups', () => {
  it('my customers stand in the order following, lost, won', async () => {
    for (const [name, state] of [
      ['序成', 'won'],
      ['序跟', 'following'],
      ['序丢', 'lostNoDeal'],
      ['序撤', 'undone'],
    ] as const) {
      const { id } = await customer(name, 2, { status: 'notEnrolled' });
      await web.prisma().assignment.updateMany({ where: { customerId: id }, data: { state } });
    }
    const rows = (await as.wang!.json('GET', '/my-customers?q=序')).body.rows as { customer: { name: string } }[];
    expect(rows.map(({ customer: { name } }) => name)).toEqual(['序跟', '序丢', '序成']);
  });

  it('notes are one’s own, those of one’s customers, or the department’s; a note is added with 201', async () => {
    const { id } = await customer('笔记', 1);
    const added = await as.li!.json('POST', '/follow-ups', { customerId: id, note: '聊过课表' });
    expect([added.status, added.body.row]).toMatchObject([
      201,
      { customer: { id, name: '笔记' }, date: '2026-11-21', note: '聊过课表' },
    ]);
    expect((await as.li!.json('GET', '/follow-ups?q=聊过课表')).body.rows).toHaveLength(1);
    expect((await as.wang!.json('GET', '/follow-ups?q=聊过课表')).body.rows).toEqual([]);
    expect((await as.head!.json('GET', `/follow-ups?customerId=${id}`)).body.rows).toHaveLength(1);
    expect((await as.other!.json('GET', `/follow-ups?customerId=${id}`)).body.rows).toEqual([]);
    expect((await as.li!.json('GET', `/assignments?customerId=${id}`)).body.rows).toMatchObject([
      { consultant: { id: 1, name: '李娜' }, state: 'following' },
    ]);
    expect((await as.other!.json('GET', `/assignments?customerId=${id}`)).body.rows).toEqual([]);
  });

  it('every list is a page with a table', async () => {
    for (const path of ['/customers', '/pool', '/my-customers', '/assignments', '/follow-ups']) {
      const page = await as.head!.fetch(path, { headers: { Accept: 'text/html' } });
      expect([path, page.status, (await page.text()).includes('<table')]).toEqual([path, 200, true]);
    }
  });
});

describe('/settings', () => {
  it('shows what rules, changes it, and says what does not fit', async () => {
    expect((await as.head!.json('GET', '/settings')).body.row).toMatchObject({
      noContactDays: 3,
      noDealDays: 15,
      sweepCron: '0 2 * * *',
      claimsADay: null,
    });
    expect((await as.head!.json('POST', '/settings', { noContactDays: 5, claimsADay: '' })).body.row).toMatchObject({
      noContactDays: 5,
      claimsADay: null,
    });
    expect(
      (await as.head!.json('POST', '/settings', { noContactDays: 0, sweepCron: 'morning' })).body.error.fields,
    ).toMatchObject({ noContactDays: '至少 1 天', sweepCron: expect.any(String) });
    expect((await as.li!.json('GET', '/settings')).status).toBe(403);
    expect(await (await as.head!.fetch('/settings', { headers: { Accept: 'text/html' } })).text()).toContain(
      '多少天未跟进回公海',
    );
    const saved = await as.head!.form('/settings', { noContactDays: '3', quietHours: 'true', followingCap: '' });
    expect(saved.status).toBe(303);
    expect((await as.head!.json('GET', '/settings')).body.row).toMatchObject({
      noContactDays: 3,
      quietHours: true,
      followingCap: null,
    });
  });
});
