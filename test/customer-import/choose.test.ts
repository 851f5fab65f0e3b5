import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { holders } from '../assignment/assignment-school.ts';
import { buildWorkbook, textRow } from '../spreadsheet/build-workbook.ts';
import { sheetsOf } from '../spreadsheet/workbook-folder.ts';
import { useImportSchool } from './import-school.ts';

const school = useImportSchool();
const rowsOf = (...rows: readonly (readonly string[])[]) => rows.map((texts, at) => textRow(at + 1, texts)).join('');
const sheet = (...rows: readonly (readonly string[])[]) => buildWorkbook({ rows: rowsOf(...rows) });
const customers = () => school.database().prisma.customer.findMany({ orderBy: { id: 'asc' } });
const idOf = async (name: string) =>
  (await school.database().prisma.person.findFirstOrThrow({ where: { name }, select: { id: true } })).id;
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => [`客户${from + n}`, String(20_000_000 + from + n)]);

describe('which sheet and row is read', () => {
  it('found in the first ten rows of each visible sheet, and said', async () => {
    const bytes = await sheetsOf([
      { name: '字典', state: 'hidden', rows: rowsOf(['姓名', '手机'], ['藏起来的', '13800138009']) },
      { name: '说明', rows: rowsOf(['十一月的客户名单'], ['请勿外传']) },
      { name: '十一月', rows: rowsOf(['客户名单'], ['制表：李娜'], ['联系人', '电话'], ['王小雨', '13800138000']) },
    ]);
    const { id, ...preview } = await school.read(bytes);
    expect(preview).toMatchObject({
      sheets: ['说明', '十一月'],
      sheet: '十一月',
      headerRow: 3,
      header: ['联系人', '电话'],
      mapping: { name: 0, phone: 1 },
      ready: 1,
    });
    expect(await (await school.page(`/customers/import/${id}`)).text()).toContain('读的是「十一月」表，标题在第 3 行');
  });

  it('CSV in GB18030: the same, with the numbers people see', async () => {
    const { id, ready, headerRow } = await school.read(
      iconv.encode('姓名,手机\r\n王小雨,="13800138000"\r\n李明,\t13800138001\r\n', 'gb18030'),
    );
    expect({ ready, headerRow }).toEqual({ ready: 2, headerRow: 1 });
    await school.run(id);
    expect((await customers()).map(({ name, phone }) => [name, phone])).toEqual([
      ['王小雨', '13800138000'],
      ['李明', '13800138001'],
    ]);
  });

  it('hidden rows and a cell far to the right: read past, and said', async () => {
    const { id, ...preview } = await school.read(
      await buildWorkbook({
        rows: `${textRow(1, ['姓名', 'QQ'])}<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>王小雨</t></is></c><c r="B2"><v>12345678</v></c><c r="FA2"><v>1</v></c></row>`,
      }),
    );
    expect(preview).toMatchObject({ ready: 1, hiddenRows: 1, cellsBeyond: 1 });
    const page = await (await school.page(`/customers/import/${id}`)).text();
    expect(page).toContain('其中 1 行在表里被隐藏或筛掉了，也算在内；太靠右的 1 格没有读');
  });
});

describe('another sheet, row or column', () => {
  const book = () =>
    sheetsOf([
      { name: '甲', rows: rowsOf(['姓名', 'QQ'], ['王小雨', '12345678']) },
      { name: '乙', rows: rowsOf(['称呼', '号码'], ['李明', '13800138000'], ['赵敏', '13800138001']) },
    ]);

  it('chosen with the run: read again and run, by sheet name, header row, and columns by title or place', async () => {
    const { id } = await school.read(await book());
    const choice = { sheet: '乙', headerRow: 1, mapping: { name: '称呼', phone: 1 } };
    expect(await school.run(id, choice)).toMatchObject({ state: 'done', sheet: '乙', total: 2, saved: 2 });
    expect((await customers()).map(({ name, phone }) => [name, phone])).toEqual([
      ['李明', '13800138000'],
      ['赵敏', '13800138001'],
    ]);
    expect(await school.database().prisma.importFile.count()).toBe(0);
  });

  it('columns are called by either name of a relation', async () => {
    const { id } = await school.read(await sheet(['姓名', 'QQ', '想学'], ['李明', '12345678', 'Python全栈']));
    const done = await school.run(id, { mapping: { courses: '想学' } });
    expect(done).toMatchObject({ state: 'done', saved: 1, mapping: { courseIds: 2 } });
  });

  it('chosen in the page’s form without JavaScript: the preview anew, then the run', async () => {
    const { id } = await school.read(await sheet(['代号', '通讯'], ['李明', '13800138000']));
    const page = await (await school.page(`/customers/import/${id}`)).text();
    expect(page).toContain('没有认出「姓名」');
    const shown = JSON.stringify({ headerRow: '1', sheet: '客户', 'mapping.name': '', 'mapping.phone': '' });
    const fields = {
      shown,
      sheet: '客户',
      headerRow: '1',
      'mapping.name': '0',
      'mapping.phone': '1',
      'mapping.qq': '',
    };
    expect(await school.submit(`/customers/import/${id}/choose`, fields)).toBe(`/customers/import/${id}`);
    for (let at = await school.progress(id); at.state === 'reading'; ) at = await school.progress(id);
    expect(await school.progress(id)).toMatchObject({ state: 'preview', ready: 1, problem: null });
    expect(await school.run(id)).toMatchObject({ state: 'done', saved: 1 });
  });

  it('what is not there: said, and the preview stays', async () => {
    const { id } = await school.read(await book());
    const run = (choice: object) => school.call('POST', `/customers/import/${id}/run`, choice);
    expect(await run({ sheet: '丙' })).toMatchObject({
      status: 422,
      body: { error: { fields: { sheet: expect.stringContaining('「甲」「乙」') } } },
    });
    expect(await run({ mapping: { phone: '传真' } })).toMatchObject({ status: 422 });
    expect(await run({ target: 'column' })).toMatchObject({ status: 422 });
    expect(await run({ target: await idOf('管理员') })).toMatchObject({ status: 422 });
    expect(await run({ target: '谁' })).toMatchObject({ status: 422 });
    expect(await school.progress(id)).toMatchObject({ state: 'preview', ready: 1 });
    expect(await school.run(id, { headerRow: 40 })).toMatchObject({
      state: 'preview',
      problem: '第 40 行是空的，换一行当标题',
    });
    expect(await school.run(id, { headerRow: 1 })).toMatchObject({ state: 'done', saved: 1 });
  });
});

describe('where the rows go', () => {
  it('the pool: nobody’s turn is used, nobody is told', async () => {
    const { id } = await school.read(await sheet(['姓名', 'QQ'], ...many(3)));
    expect(await school.run(id, { target: 'pool' })).toMatchObject({ saved: 3, target: 'pool' });
    expect(await customers()).toMatchObject(Array(3).fill({ consultantId: null, poolReason: 'unassigned' }));
    expect(await school.database().prisma.turn.count()).toBe(0);
    expect(await school.database().prisma.notification.count({ where: { kind: 'assigned' } })).toBe(0);
  });

  it('one consultant: all of them, without a turn, in one notice', async () => {
    const { id } = await school.read(await sheet(['姓名', 'QQ'], ...many(3)));
    await school.run(id, { target: await idOf('C') });
    expect(await holders(school.database())).toEqual(['C', 'C', 'C']);
    expect(await school.database().prisma.turn.count()).toBe(0);
    const told = await school
      .database()
      .prisma.notification.findMany({ where: { kind: 'assigned' }, include: { person: true } });
    expect(told.map(({ person, data }) => [person.name, data])).toEqual([
      ['C', expect.objectContaining({ customer: '客户0等 3 位' })],
    ]);
  });

  it('whom a column names; nobody named, or nobody we know: the rota, and the name is kept', async () => {
    const { id } = await school.read(
      await sheet(
        ['姓名', 'QQ', '负责人'],
        ['甲', '20000001', 'C'],
        ['乙', '20000002', ''],
        ['丙', '20000003', '查无此人'],
        ['丁', '20000004', ' b '],
      ),
    );
    await school.run(id, { target: 'column' });
    expect(await holders(school.database())).toEqual(['C', 'A', 'B', 'B']);
    expect((await customers()).map(({ memo }) => memo)).toEqual([null, null, '负责人：查无此人', null]);
    expect(await school.database().prisma.turn.count()).toBe(2);
  });
});

describe('known customers', () => {
  it('filled: what stood empty, nothing else; counted, and each holder hears once', async () => {
    const first = await school.read(
      await sheet(
        ['姓名', 'QQ', '公司'],
        ['王小雨', '12345678', '甲公司'],
        ['李明', '22345678', ''],
        ['赵敏', '32345678', '丙公司'],
      ),
    );
    await school.run(first.id, { target: await idOf('A') });
    const again = await school.read(
      await sheet(
        ['姓名', 'QQ', '手机', '公司', '学历', '课程'],
        ['王小雨', '12345678', '13800138000', '乙公司', '本科', 'Python'],
        ['李明', '22345678', '13800138000', '乙公司', '', ''],
        ['赵敏', '32345678', '', '丙公司', '', ''],
        ['孙悦', '42345678', '', '', '', ''],
      ),
    );
    expect(again).toMatchObject({ ready: 1, duplicates: 3 });
    const done = await school.run(again.id, { known: 'fill' });
    expect(done).toMatchObject({ state: 'done', saved: 1, filled: 2, duplicates: 1, failed: 0 });
    expect(done.problems).toMatchObject([{ row: 4, reason: '已有这位客户，由A负责，没有空着的可以补' }]);
    expect((await customers()).map(({ name, phone, company, education }) => [name, phone, company, education])).toEqual(
      [
        ['王小雨', '13800138000', '甲公司', 'regularUniversity'],
        ['李明', null, '乙公司', null],
        ['赵敏', null, '丙公司', null],
        ['孙悦', null, null, null],
      ],
    );
    expect(await school.database().prisma.customerCourse.count()).toBe(1);
    const told = await school.database().prisma.notification.findMany({ where: { kind: 'duplicate' } });
    expect(told.map(({ data }) => data)).toEqual([{ customer: '王小雨', by: '管理员', count: 3 }]);
  });
});
