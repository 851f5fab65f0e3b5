import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { holders } from '../assignment/assignment-school.ts';
import { buildWorkbook, textRow } from '../spreadsheet/build-workbook.ts';
import { HOSTILE } from '../spreadsheet/hostile.ts';
import { rowsOf, useImportSchool } from './import-school.ts';

const school = useImportSchool();
const HEADER = ['姓名', 'QQ', '手机', '来源', '咨询课程', '备注'];

/** A workbook of one header and rows of texts. */
const sheet = (rows: readonly string[][], header: readonly string[] = HEADER) =>
  buildWorkbook({ rows: [header, ...rows].map((texts, at) => textRow(at + 1, texts)).join('') });
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => [`客户${from + n}`, String(20_000_000 + from + n)]);
const customers = () => school.database().prisma.customer.findMany({ orderBy: { id: 'asc' } });

describe('the preview', () => {
  it('tells good rows, duplicates of the file and of the database, and refused ones apart; nothing is entered yet', async () => {
    const first = await school.read(await sheet([['王小雨', '12345678']]));
    await school.run(first.id);
    const preview = await school.read(
      await sheet([
        ['李明', '22345678', '', '百度推广', 'Python全栈、Linux云计算'],
        ['王小雨', '12345678'],
        ['李明', '', '22345678'],
        ['李大明', '22345678'],
        ['', '32345678', '123', '报纸', '烹饪'],
        ['赵敏', '', '1.38E+10'],
      ]),
    );
    expect(preview).toMatchObject({
      state: 'preview',
      total: 6,
      ready: 1,
      saved: 0,
      duplicates: 2,
      duplicatesInFile: 1,
      failed: 3,
      unusedColumns: [],
    });
    expect(preview.problems).toMatchObject([
      { row: 3, name: '王小雨', state: 'duplicate', reason: '已有这位客户，由A负责' },
      { row: 4, state: 'failed', reason: '座机要带上区号，比如 010-22345678' },
      { row: 5, state: 'duplicate', reason: '和文件里第 2 行是同一位' },
      { row: 6, state: 'failed', reason: '请填写姓名' },
      { row: 7, state: 'failed', reason: '手机被表格变成了 1.38E+10，把这一列设成文本再填一次' },
    ]);
    expect(await customers()).toHaveLength(1);
  });

  it('columns in any order and under common names: known; unknown ones are named', async () => {
    const bytes = await sheet(
      [['周末联系', '138-0013-8000', '王小雨', '女', '本校']],
      ['备注', '联系电话', '＊客户姓名（必填）', '性 别', '校区'],
    );
    const { id, unusedColumns, ready } = await school.read(bytes);
    expect({ unusedColumns, ready }).toEqual({ unusedColumns: ['校区'], ready: 1 });
    await school.run(id);
    expect(await customers()).toMatchObject([
      { name: '王小雨', phone: '13800138000', gender: 'female', memo: '周末联系', source: 'qqGroup' },
    ]);
  });

  it('no name column, no way to reach anybody: the preview asks which it is; nothing but a header: failed', async () => {
    const { id, ...nameless } = await school.read(await sheet([['12345678']], ['QQ']));
    expect(nameless).toMatchObject({ state: 'preview', ready: 0, problem: expect.stringContaining('「姓名」') });
    expect(await school.call('POST', `/customers/import/${id}/run`)).toMatchObject({ status: 422 });
    const unreachable = await school.read(await sheet([['王小雨']], ['姓名']));
    expect(unreachable).toMatchObject({
      state: 'preview',
      problem: expect.stringContaining('「QQ」「手机」「微信号」中的一列'),
    });
    const empty = await school.read(await sheet([], HEADER));
    expect(empty).toMatchObject({ state: 'failed', problem: expect.stringContaining('没有客户') });
  });
});

describe('the run', () => {
  it('enters every good row in turn, with course, row and history, and tells each consultant once', async () => {
    const rows = many(1_205).map((row, n) => (n % 2 ? row : [...row, '', '', 'Python全栈']));
    const { id } = await school.read(await sheet(rows));
    expect(await school.run(id)).toMatchObject({ state: 'done', total: 1_205, saved: 1_205, duplicates: 0, failed: 0 });

    const names = await holders(school.database());
    expect(names.slice(0, 9)).toEqual(['A', 'B', 'C', 'A', 'B', 'B', 'B', 'A', 'B']);
    const { prisma } = school.database();
    expect(await prisma.customerCourse.count()).toBe(603);
    expect(await prisma.assignment.count({ where: { state: 'following', turnId: { not: null } } })).toBe(1_205);
    expect((await customers()).map(({ name }) => name)).toEqual(rows.map(([name]) => name));
    expect(await school.node().rota.outstanding(0)).toEqual([]);
    const notices = await prisma.notification.findMany({ orderBy: { id: 'asc' }, include: { person: true } });
    expect(notices.map(({ kind, person, data }) => [kind, person.name, data])).toEqual([
      ['assigned', 'A', expect.objectContaining({ customer: '客户0等 345 位' })],
      ['assigned', 'B', expect.objectContaining({ customer: '客户1等 688 位' })],
      ['assigned', 'C', expect.objectContaining({ customer: '客户2等 172 位' })],
      ['importDone', '管理员', { fileName: '客户.xlsx', saved: 1_205, duplicates: 0, failed: 0 }],
    ]);
    expect(await prisma.auditEntry.count({ where: { entity: 'Customer', channel: 'import' } })).toBe(1_205);
  });

  it('duplicates: each holder hears once how many came again, nobody else does', async () => {
    const before = await school.read(await sheet(many(6)));
    await school.run(before.id);
    await school.database().prisma.notification.deleteMany();
    const again = await school.read(await sheet([...many(6), ...many(1, 100), ...many(1, 100)]));
    expect(await school.run(again.id)).toMatchObject({ saved: 1, duplicates: 7, duplicatesInFile: 1 });
    const told = await school.database().prisma.notification.findMany({
      where: { kind: 'duplicate' },
      include: { person: true },
      orderBy: { personId: 'asc' },
    });
    expect(told.map(({ person, data }) => [person.name, data])).toEqual([
      ['A', { customer: '客户0', by: '管理员', count: 2 }],
      ['B', { customer: '客户1', by: '管理员', count: 3 }],
      ['C', { customer: '客户2', by: '管理员' }],
    ]);
  });

  it('contacts of two customers in one row: both holders are named and told', async () => {
    const first = await school.read(
      await sheet([
        ['甲', '22345678'],
        ['乙', '', '13800138000'],
      ]),
    );
    await school.run(first.id);
    const { id, problems } = await school.read(await sheet([['丙', '22345678', '13800138000']]));
    expect(problems[0]?.reason).toBe('联系方式属于 2 位不同的客户：由A负责，由B负责');
    await school.run(id);
    expect(await school.database().prisma.notification.count({ where: { kind: 'duplicate' } })).toBe(2);
  });

  it('somebody entered between preview and run: found then, and nothing is there twice', async () => {
    const [one, two] = [await school.read(await sheet(many(30))), await school.read(await sheet(many(30)))];
    expect([one.ready, two.ready]).toEqual([30, 30]);
    const ended = await Promise.all([school.run(one.id), school.run(two.id)]);
    expect(ended.reduce((sum, { saved }) => sum + saved, 0)).toBe(30);
    expect(ended.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(30);
    expect(await school.database().prisma.turn.count()).toBe(30);
  });

  it('asked for twice, and once more when done: runs once', async () => {
    const { id } = await school.read(await sheet(many(40)));
    await Promise.all([school.run(id), school.run(id)]);
    expect(await school.run(id)).toMatchObject({ state: 'done', saved: 40 });
    expect(await customers()).toHaveLength(40);
  });

  it('nobody to take them: they wait in the pool', async () => {
    await school.database().prisma.salesRank.updateMany({ data: { slots: 0 } });
    const { id } = await school.read(await sheet(many(3)));
    expect(await school.run(id)).toMatchObject({ state: 'done', saved: 3 });
    expect(await customers()).toMatchObject(Array(3).fill({ consultantId: null, poolReason: 'unassigned' }));
  });

  it('hostile cells: stored as they are written, and text again in the report', async () => {
    const formula = "=cmd|' /C calc'!A0";
    const { id } = await school.read(
      await sheet([
        [formula, '12345678'],
        ['@SUM(1)', 'abc'],
      ]),
    );
    await school.run(id);
    expect(await customers()).toMatchObject([{ name: formula }]);
    const book = new exceljs.Workbook();
    await book.xlsx.load((await school.download(`/customers/import/${id}/report.xlsx`)) as never);
    expect(book.worksheets[0]?.getCell('A2').value).toBe('@SUM(1)');
  });
});

describe('the report', () => {
  it('holds the refused rows with 原因; put right and uploaded again, they enter', async () => {
    const { id } = await school.read(
      await sheet([
        ['王小雨', '无', '123', '报纸', '', '想先看课表'],
        ['李明', '22345678'],
        ['赵敏', '22345678'],
      ]),
    );
    await school.run(id);
    const [header, ...rows] = await rowsOf(await school.download(`/customers/import/${id}/report.xlsx`));
    expect(header).toEqual([...HEADER, '原因']);
    expect(rows).toEqual([
      ['王小雨', '无', '123', '报纸', '', '想先看课表', expect.stringContaining('手机是 11 位')],
      ['赵敏', '22345678', '', '', '', '', '和文件里第 3 行是同一位'],
    ]);
    const corrected = rows.map(([name, qq, , ...rest]) => [name, qq, '13800138000', ...rest]) as string[][];
    const again = await school.read(await sheet(corrected, header));
    expect(again).toMatchObject({ ready: 1, duplicates: 1, failed: 0, unusedColumns: [] });
    await school.run(again.id);
    expect((await customers()).map(({ name, memo }) => [name, memo])).toEqual([
      ['李明', null],
      ['王小雨', '想先看课表\n来源：报纸'],
    ]);
    const [next] = await rowsOf(await school.download(`/customers/import/${again.id}/report.xlsx`));
    expect(next).toEqual([...HEADER, '原因']);
  });
});

describe('the template', () => {
  it('has titles, drop-downs and an example that an upload passes over', async () => {
    const bytes = await school.download('/customers/import/template.xlsx');
    const book = new exceljs.Workbook();
    await book.xlsx.load(bytes as never);
    const filled = book.worksheets[0];
    expect(filled?.getRow(1).values).toContain('姓名');
    expect(filled?.getCell('E2').dataValidation).toMatchObject({ type: 'list' });
    expect(book.worksheets[1]?.getColumn(5).values).toContain('百度推广');
    expect((await school.read(bytes)).problem).toContain('没有客户');

    filled?.addRow(['李明', '12345678', '', '', '男', '大专']);
    const { id, total } = await school.read(Buffer.from(await book.xlsx.writeBuffer()));
    expect(total).toBe(1);
    await school.run(id);
    expect(await customers()).toMatchObject([{ name: '李明', gender: 'male', education: 'juniorCollege' }]);
  });
});

describe('hostile uploads', () => {
  for (const { name, bytes, says } of HOSTILE)
    it(`${name}: ${says ? 'answered in words' : 'read'}, and the service goes on`, async () => {
      const uploaded = await school.upload(await bytes());
      if (uploaded.status === 202) {
        const ended = await school.read(await bytes());
        if (says) expect(ended).toMatchObject({ state: 'failed', problem: expect.stringMatching(says) });
        else expect(ended).toMatchObject({ state: 'preview', ready: 3 });
      } else {
        expect([415, 422]).toContain(uploaded.status);
        expect(uploaded.body.error?.message).toMatch(says ?? /^$/);
      }
      expect((await school.read(await sheet(many(1)))).ready).toBe(1);
    });
});

describe('who may', () => {
  it('without the permission nothing; with it in own scope, not another’s imports', async () => {
    const { id } = await school.read(await sheet(many(1)));
    school.actAs([{ permission: 'customers.list', scope: 'all' }]);
    expect((await school.upload(await sheet(many(1)))).status).toBe(403);
    expect((await school.call('GET', `/customers/import/${id}`)).status).toBe(403);
    await school.database().prisma.customerImport.update({ where: { id }, data: { personId: 1 } });
    school.actAs([{ permission: 'customers.import', scope: 'own' }]);
    expect((await school.call('GET', `/customers/import/${id}`)).status).toBe(404);
    expect((await school.call('POST', `/customers/import/${id}/run`)).status).toBe(404);
  });
});

describe('the pages', () => {
  it('upload, preview and result are pages with their counts and next step', async () => {
    const { id } = await school.read(await sheet([...many(2), ['', '1']]));
    const text = async (path: string) => (await school.page(path)).text();
    expect(await text('/customers/import')).toContain('客户.xlsx');
    const preview = await text(`/customers/import/${id}`);
    expect(preview).toContain('导入 2 位');
    expect(preview).toContain('第 4 行');
    await school.run(id);
    const done = await text(`/customers/import/${id}`);
    expect(done).toContain('导入了 2 位');
    expect(done).toContain('report.xlsx');
  });

  it('no file, and one that is too large: said on the page and in JSON', async () => {
    expect((await school.upload(Buffer.alloc(0))).body.error?.code).toBe('no_file');
    expect((await school.upload(Buffer.alloc(21 * 1024 * 1024))).status).toBe(413);
  });
});
