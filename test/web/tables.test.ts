import exceljs from 'exceljs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, useWeb } from './web-school.ts';

const web = useWeb();
let admin: Client;
let reader: Client;

const names = (answer: { body: { rows: { name: string }[] } }) => answer.body.rows.map((row) => row.name);
const asPage = { headers: { Accept: 'text/html' } };

beforeAll(async () => {
  admin = await web.client('admin');
  reader = await web.client('reader');
  await web.buildPerson(1, '管理员');
  await web.buildPerson(2, '李娜');
  await web.buildPerson(3, '王强');
  await web.buildCustomer({
    name: '王小雨',
    phone: '13800138000',
    source: 'baidu',
    consultantId: 2,
    receivedOn: '2026-11-20',
  });
  await web.buildCustomer({
    name: '李明',
    phone: '13800138001',
    consultantId: 2,
    receivedOn: '2026-11-10',
    createdAt: '2026-11-09T16:30:00Z',
  });
  await web.buildCustomer({
    name: '赵敏',
    phone: '13800138002',
    status: 'enrolled',
    consultantId: 3,
    receivedOn: '2026-10-01',
  });
  await web.buildCustomer({
    name: '孙悦',
    phone: '13800138003',
    source: 'website',
    consultantId: 3,
    receivedOn: '2026-11-21',
  });
});

describe('a list as JSON', () => {
  it('gives rows in the table’s order with total, page and size, days and instants as the contract writes them', async () => {
    const answer = await admin.json('GET', '/customers');
    expect(answer.body).toMatchObject({ total: 4, page: 1, size: 50 });
    expect(names(answer)).toEqual(['孙悦', '王小雨', '李明', '赵敏']);
    expect(answer.body.rows[1]).toMatchObject({
      source: 'baidu',
      consultant: { id: 2, name: '李娜' },
      receivedOn: '2026-11-20',
      createdAt: '2026-11-21T14:30:00+08:00',
    });
  });

  it('sorts by a field both ways and pages', async () => {
    expect(names(await admin.json('GET', '/customers?sort=receivedOn'))).toEqual(['赵敏', '李明', '王小雨', '孙悦']);
    const second = await admin.json('GET', '/customers?sort=-receivedOn&size=3&page=2');
    expect(second.body).toMatchObject({ total: 4, page: 2, size: 3 });
    expect(names(second)).toEqual(['赵敏']);
    expect((await admin.json('GET', '/customers?page=9')).body).toMatchObject({ rows: [], total: 4 });
    expect((await admin.json('GET', '/customers?size=1000')).body.size).toBe(200);
  });

  it.each([
    ['choices by id, several are any of them', 'source=baidu&source=website', ['孙悦', '王小雨']],
    ['choices by their Chinese label', `source=${encodeURIComponent('百度推广')}`, ['王小雨']],
    ['a relation by its id', 'consultantId=3', ['孙悦', '赵敏']],
    ['several relations', 'consultantIds=2&consultantIds=3', ['孙悦', '王小雨', '李明', '赵敏']],
    ['days from to', 'receivedOn=2026-11-01..2026-11-20', ['王小雨', '李明']],
    ['days to an open end', 'receivedOn=2026-11-20..', ['孙悦', '王小雨']],
    ['one day', 'receivedOn=2026-10-01', ['赵敏']],
    ['instants by the school’s days', 'createdAt=2026-11-10', ['李明']],
    ['search and filters together', `q=${encodeURIComponent('王')}&source=baidu&status=notEnrolled`, ['王小雨']],
    ['an empty filter as none', 'source=&q=', ['孙悦', '王小雨', '李明', '赵敏']],
    ['what WeChat adds to shared links as none', 'source=baidu&from=singlemessage&isappinstalled=0', ['王小雨']],
  ])('filters %s', async (_, query, expected) => {
    expect(names(await admin.json('GET', `/customers?${query}`))).toEqual(expected);
  });

  it.each([
    'colour=red',
    'sort=phone',
    'sort=nothing',
    'source=nowhere',
    'consultantId=abc',
    'consultantId=99999999999',
    'receivedOn=soon',
    'receivedOn=2026-02-30',
    'page=0',
    'page=x',
    'size=-1',
    'page=99999999',
    'phone=13800138000',
    'q=a%00b',
  ])('answers %s 400 and names it', async (query) => {
    const answer = await admin.json('GET', `/customers?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
    if (!query.includes('%00')) expect(Object.keys(answer.body.error.fields)).toEqual([query.split('=')[0]]);
  });

  it('shows only what the reader may see, as list and as record', async () => {
    expect(names(await reader.json('GET', '/customers'))).toEqual(['王小雨', '李明']);
    const [theirs] = (await admin.json('GET', '/customers?consultantId=3')).body.rows;
    expect((await reader.json('GET', `/customers/${theirs.id}`)).status).toBe(404);
    expect((await admin.json('GET', `/customers/${theirs.id}`)).body.row.name).toBe('孙悦');
  });

  it('holds a role to the parameters it fixes, in lists, filters and exports', async () => {
    const narrowed = await web.client('narrowed');
    expect(names(await narrowed.json('GET', '/customers'))).toEqual(['李明']);
    expect(names(await narrowed.json('GET', '/customers?source=baidu'))).toEqual([]);
    const book = new exceljs.Workbook();
    await book.xlsx.load(await (await narrowed.fetch('/customers.xlsx')).arrayBuffer());
    expect(book.worksheets[0]?.rowCount).toBe(2);
  });

  it('offers a relation’s options to its filter', async () => {
    const answer = await reader.json('GET', '/customers/options/consultant');
    expect(answer.body.rows).toContainEqual({ id: 2, name: '李娜' });
    expect((await reader.json('GET', '/customers/options/phone')).status).toBe(404);
  });
});

describe('changing rows', () => {
  beforeEach(async () => {
    await web.prisma().room.deleteMany();
  });

  it('adds, changes and deletes by JSON', async () => {
    const added = await admin.json('POST', '/rooms', { name: '夏威夷', seats: 8 });
    expect(added).toMatchObject({ status: 201, body: { row: { name: '夏威夷', seats: 8, active: true } } });
    const path = `/rooms/${added.body.row.id}`;
    expect(added.headers.get('location')).toBe(path);
    expect(await admin.json('PATCH', path, { seats: 12 })).toMatchObject({
      status: 200,
      body: { row: { name: '夏威夷', seats: 12 } },
    });
    expect((await admin.json('DELETE', path)).status).toBe(200);
    expect((await admin.json('GET', path)).status).toBe(404);
    expect((await admin.json('PATCH', path, { seats: 1 })).status).toBe(404);
    expect((await admin.json('DELETE', path)).status).toBe(404);
  });

  it('answers fields that do not fit 422 with a Chinese sentence for each', async () => {
    const answer = await admin.json('POST', '/rooms', { seats: 0 });
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_fields', fields: { name: '请填写名称', seats: '不能小于 1' } } },
    });
    expect((await admin.json('POST', '/rooms', { name: '', seats: 'many' })).body.error.fields).toEqual({
      name: '请填写名称',
      seats: '要填数字',
    });
  });

  it('answers a doubled unique name 409', async () => {
    await web.buildRoom('夏威夷', 8);
    expect(await admin.json('POST', '/rooms', { name: '夏威夷', seats: 8 })).toMatchObject({
      status: 409,
      body: { error: { code: 'duplicate' } },
    });
  });

  it('adds by a browser’s form and shows the form again, as typed, where it does not fit', async () => {
    const refused = await admin.form('/rooms', { name: '夏威夷<b>', seats: '', active: ['', 'true'] });
    expect(refused.status).toBe(422);
    const page = await refused.text();
    expect(page).toContain('请填写座位');
    expect(page).toContain('value="夏威夷&lt;b&gt;"');
    expect(page).toContain('checked');

    const added = await admin.form('/rooms', { name: '夏威夷', seats: '8', active: '' });
    expect(added.status).toBe(303);
    const room = await web.prisma().room.findUniqueOrThrow({ where: { name: '夏威夷' } });
    expect(room).toMatchObject({ seats: 8, active: false });
    const shown = await (await admin.fetch(added.headers.get('location') ?? '', asPage)).text();
    expect(shown).toContain('已添加');
  });

  it('edits and deletes by a browser’s form, and the list’s query survives it', async () => {
    const room = await web.buildRoom('夏威夷', 8);
    const list = await (await admin.fetch('/rooms?seats=1..20&sort=-seats', asPage)).text();
    const back = 'seats=1..20&sort=-seats';
    expect(list).toContain(`/rooms/${room.id}?back=${encodeURIComponent(back)}`);
    const form = await (await admin.fetch(`/rooms/${room.id}/edit?back=${encodeURIComponent(back)}`, asPage)).text();
    expect(form).toContain('value="夏威夷"');
    expect(form).toContain(`name="back" value="${back.replace('&', '&amp;')}"`);

    const saved = await admin.form(`/rooms/${room.id}`, { name: '马尔代夫', seats: '10', active: 'true', back });
    expect(saved.headers.get('location')).toBe(`/rooms/${room.id}?back=${encodeURIComponent(back)}`);
    const record = await (await admin.fetch(saved.headers.get('location') ?? '', asPage)).text();
    expect(record).toContain('马尔代夫');
    expect(record).toContain(`href="/rooms?${back.replace('&', '&amp;')}"`);

    const deleted = await admin.form(`/rooms/${room.id}`, { _method: 'delete', back });
    expect(deleted.headers.get('location')).toBe(`/rooms?${back}`);
    expect(await web.prisma().room.count()).toBe(0);
  });

  it('leads nowhere else by a forged way back', async () => {
    const room = await web.buildRoom('夏威夷', 8);
    const saved = await admin.form(`/rooms/${room.id}`, { _method: 'delete', back: '//elsewhere.example/' });
    expect(saved.headers.get('location')).toMatch(/^\/rooms\?/);
  });

  it('keeps a room that is still booked and says why', async () => {
    const room = await web.buildRoom('夏威夷', 8);
    const now = new Date('2026-11-21T06:30:00Z');
    await web.prisma().booking.create({ data: { roomId: room.id, personId: 2, date: now, slot: 3, createdAt: now } });
    expect(await admin.json('DELETE', `/rooms/${room.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'in_use' } },
    });
    await web.prisma().booking.deleteMany();
  });

  it('runs an action on many rows, and asks a browser first where it is dangerous or needs to know something', async () => {
    const [one, two] = [await web.buildRoom('夏威夷', 8), await web.buildRoom('马尔代夫', 4)];
    const ids = [one.id, two.id];
    expect(await admin.json('POST', '/rooms/actions/retire', { ids })).toMatchObject({
      status: 200,
      body: { message: '停用了 2 间' },
    });
    expect((await admin.json('POST', '/rooms/actions/resize', { ids })).body.error.fields).toEqual({
      seats: '请填写座位',
    });
    expect((await admin.json('POST', '/rooms/actions/retire', {})).status).toBe(422);
    expect((await admin.json('POST', '/rooms/actions/retire', { ids: [999_999] })).status).toBe(404);
    expect((await reader.json('POST', '/rooms/actions/retire', { ids })).status).toBe(403);

    const asked = await admin.form('/rooms/actions/resize', { ids: ids.map(String) });
    expect(await asked.text()).toContain('改座位：2 间会议室');
    const refused = await admin.form('/rooms/actions/resize', { ids: ids.map(String), _go: '1', seats: '0' });
    expect(refused.status).toBe(422);
    const done = await admin.form('/rooms/actions/resize', {
      ids: ids.map(String),
      _go: '1',
      seats: '6',
      back: 'sort=name',
    });
    expect(done.headers.get('location')).toBe('/rooms?sort=name');
    expect(await web.prisma().room.count({ where: { seats: 6 } })).toBe(2);
  });

  it('of several, what cannot be done for one says why and the others are done, to programs and on the page', async () => {
    const [free, booked] = [await web.buildRoom('夏威夷', 8), await web.buildRoom('马尔代夫', 4)];
    const now = new Date('2026-11-21T06:30:00Z');
    await web.prisma().booking.create({ data: { roomId: booked.id, personId: 2, date: now, slot: 3, createdAt: now } });
    const answer = await admin.json('POST', '/rooms/actions/retire', { ids: [booked.id, free.id, 999_999] });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        message: '停用了 1 间；有人订着，先退订；没有找到这条记录，可能已被删除，或者不归你看',
        count: 1,
        results: [
          { id: booked.id, ok: false, message: '有人订着，先退订' },
          { id: free.id, ok: true, message: '停用了' },
          { id: 999_999, ok: false, message: expect.stringContaining('没有找到') },
        ],
      },
    });
    expect(await web.prisma().room.findMany({ where: { active: false }, select: { id: true } })).toEqual([
      { id: free.id },
    ]);

    const none = await admin.json('POST', '/rooms/actions/retire', { ids: [booked.id, 999_999] });
    expect([none.status, none.body.results.map(({ ok }: { ok: boolean }) => ok)]).toEqual([200, [false, false]]);
    expect(await admin.json('POST', '/rooms/actions/retire', { ids: [booked.id] })).toMatchObject({
      status: 409,
      body: { error: { code: 'in_use', message: '有人订着，先退订' } },
    });

    const both = [booked.id, free.id].map(String);
    const page = await admin.form('/rooms/actions/retire', { ids: both, _go: '1', back: 'sort=name' });
    expect(page.status).toBe(200);
    const said = (await page.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(said).toContain('1 间没有办成，没有改动 马尔代夫 有人订着，先退订 1 间办好了 夏威夷 停用了 回到会议室');
    await web.prisma().booking.deleteMany();
  });
});

describe('a list as a page', () => {
  it('is a table with sort links, what narrows it as chips that can be taken away, and no more than the person may do', async () => {
    const page = await (await admin.fetch('/customers?source=baidu&consultantId=2', asPage)).text();
    expect(page).toContain('<table');
    expect(page).toContain('来源：百度推广');
    expect(page).toContain('顾问：李娜');
    expect(page).toContain('href="/customers?consultantId=2"');
    expect(page).toContain('sort=receivedOn');
    expect(page).toContain('1 位');
    const readers = await (await reader.fetch('/rooms', asPage)).text();
    expect(readers).not.toContain('添加会议室');
    expect(readers).not.toContain('导出');
    expect(readers).not.toContain('停用</button>');
  });

  it('says what to do where nothing fits', async () => {
    const page = await (await admin.fetch(`/customers?q=${encodeURIComponent('没有这个人')}`, asPage)).text();
    expect(page).toContain('<table');
    expect(page).toContain('没有符合条件的');
  });

  it('answers a wrong filter as a page too', async () => {
    const answer = await admin.fetch('/customers?colour=red', asPage);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('没有「colour」这个筛选');
  });

  it('shows a record’s facts and what happened to it', async () => {
    const [row] = (await admin.json('GET', '/customers')).body.rows;
    const page = await (await admin.fetch(`/customers/${row.id}`, asPage)).text();
    expect(page).toContain('13800138003');
    expect(page).toContain('李娜跟进：想先看课表');
  });
});

describe('the export', () => {
  it('holds the filtered rows as Excel’s own numbers and dates, and texts that look like formulas as texts', async () => {
    await web.prisma().room.deleteMany();
    await web.buildRoom('=HYPERLINK("http://x","y")', 8);
    await web.buildRoom('夏威夷', 20);
    await web.buildRoom('马尔代夫', 2);
    const answer = await admin.fetch('/rooms.xlsx?seats=5..&sort=-seats');
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('会议室'));
    const book = new exceljs.Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    const [sheet] = book.worksheets;
    expect(sheet?.getRow(1).values).toEqual([undefined, '名称', '座位', '启用']);
    expect(sheet?.getRow(2).values).toEqual([undefined, '夏威夷', 20, '是']);
    const cell = sheet?.getCell('A3');
    expect(cell?.type).toBe(exceljs.ValueType.String);
    expect(cell?.value).toBe('=HYPERLINK("http://x","y")');
    expect(sheet?.rowCount).toBe(3);
  });

  it('writes days and instants as dates in school time', async () => {
    const book = new exceljs.Workbook();
    await book.xlsx.load(await (await admin.fetch('/customers.xlsx?source=baidu')).arrayBuffer());
    const row = book.worksheets[0]?.getRow(2);
    expect(row?.getCell(6).value).toEqual(new Date('2026-11-20T00:00:00Z'));
    expect(row?.getCell(7).value).toEqual(new Date('2026-11-21T14:30:00Z'));
    expect(row?.getCell(3).value).toBe('百度推广');
  });

  it('needs its own permission', async () => {
    expect((await reader.fetch('/customers.xlsx', { headers: { Accept: 'application/json' } })).status).toBe(403);
  });
});

describe('a long list', () => {
  it('counts to 10000 and no further, and reads deep pages in the same order as the first', async () => {
    await web.prisma().room.deleteMany();
    const many = Array.from({ length: 10_050 }, (_, n) => ({ name: `房间${String(n).padStart(5, '0')}`, seats: 4 }));
    await web.prisma().room.createMany({ data: many });
    const answer = await admin.json('GET', '/rooms?size=20&page=100');
    expect(answer.body).toMatchObject({ total: 10_001, totalCapped: true, page: 100 });
    expect(names(answer)).toEqual(many.slice(1980, 2000).map((room) => room.name));
    expect(await (await admin.fetch('/rooms', asPage)).text()).toContain('10000+ 间');
    const last = await admin.json('GET', '/rooms?size=200&page=51');
    expect(last.body).toMatchObject({ total: 10_050 });
    expect(last.body.rows).toHaveLength(50);
  });
});
