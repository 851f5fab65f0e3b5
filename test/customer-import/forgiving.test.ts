import { describe, expect, it } from 'vitest';
import { buildWorkbook, textRow } from '../spreadsheet/build-workbook.ts';
import { useImportSchool } from './import-school.ts';

const school = useImportSchool();
const sheet = (...rows: readonly (readonly string[])[]) =>
  buildWorkbook({ rows: rows.map((texts, at) => textRow(at + 1, texts)).join('') });
const customers = () =>
  school
    .database()
    .prisma.customer.findMany({ orderBy: { id: 'asc' }, include: { courses: { include: { course: true } } } });

describe('a row is refused only for its name, its contacts, or a duplicate', () => {
  it('eight realistic rows with a good name and phone: all are saved, what does not fit is kept word for word', async () => {
    const header = ['姓名', 'QQ', '手机', '学历', '工作经验', '来源', '课程', '备注'];
    const { id, ...preview } = await school.read(
      await sheet(
        header,
        ['王小雨', '无', '13800138000', '本科', '3年', '百度', 'Python', ''],
        ['李明', '-', '138-0013-8001', '大专', '应届', '朋友圈', 'Linux', '周末联系'],
        ['赵敏', '12', '13800138002', '硕士', '', '', '烹饪', ''],
        ['孙悦', '', '13800138003 (妈妈)', '高中', '一年至三年', 'seo', 'Python全栈、烹饪', ''],
        ['周杰', '', '13800138004/13900139004', '', '', '', '', ''],
        ['吴用', '没有', '13800138005', '统招本科', '5年以上', 'QQ群', '', ''],
        ['郑　爽', '', '+86 138 0013 8006', '#N/A', '很多年', '', '', ''],
        ['冯\u200b巩', '', '\u202d13800138007\u202c', '', '', '', '', ''],
      ),
    );
    expect(preview).toMatchObject({ ready: 8, failed: 0, duplicates: 0, kept: 7 });
    expect(preview.keptExamples[0]).toEqual({ row: 3, name: '李明', cells: [{ title: '来源', text: '朋友圈' }] });
    await school.run(id);
    expect(
      (await customers()).map(({ name, qq, phone, education, experience, source, memo, courses }) => [
        ...[name, qq, phone, education, experience, source, memo],
        courses.map(({ course }) => course.name).join(),
      ]),
    ).toEqual([
      ['王小雨', null, '13800138000', 'regularUniversity', 'oneToThreeYears', 'baidu', null, 'Python全栈'],
      [
        '李明',
        null,
        '13800138001',
        'juniorCollege',
        'freshGraduate',
        'qqGroup',
        '周末联系\n来源：朋友圈',
        'Linux云计算',
      ],
      ['赵敏', null, '13800138002', null, null, 'qqGroup', 'QQ：12\n学历：硕士\n课程：烹饪', ''],
      [
        '孙悦',
        null,
        '13800138003',
        'highSchool',
        'oneToThreeYears',
        'seo',
        '妈妈\n课程：Python全栈、烹饪',
        'Python全栈',
      ],
      ['周杰', null, '13800138004', null, null, 'qqGroup', '另一个电话 13900139004', ''],
      ['吴用', null, '13800138005', 'regularUniversity', 'overFiveYears', 'qqGroup', null, ''],
      ['郑爽', null, '13800138006', null, null, 'qqGroup', '学历：#N/A\n工作经验：很多年', ''],
      ['冯巩', null, '13800138007', null, null, 'qqGroup', null, ''],
    ]);
  });

  it('a second phone column stands in where the first is empty or no number; else it goes into the memo', async () => {
    const { id, ready, mapping } = await school.read(
      await sheet(
        ['学生姓名', '手机1', '手机2'],
        ['王小雨', '', '13800138000'],
        ['李明', '13800138001', '13900139001'],
        ['赵敏', '暂无', '13800138002'],
        ['孙悦', '8888', '13800138003'],
        ['周杰', '13800138004', '13800138004'],
      ),
    );
    expect({ ready, mapping }).toEqual({ ready: 5, mapping: { name: 0, phone: 1, phone2: 2 } });
    await school.run(id);
    expect((await customers()).map(({ phone, memo }) => [phone, memo])).toEqual([
      ['13800138000', null],
      ['13800138001', '手机2：13900139001'],
      ['13800138002', null],
      ['13800138003', '手机1：8888'],
      ['13800138004', null],
    ]);
  });

  it('no way to reach somebody: refused with what is wrong with each contact', async () => {
    const { problems } = await school.read(
      await sheet(['姓名', 'QQ', '手机'], ['王小雨', 'abc', '1380013'], ['李明', '无', ''], ['', '12345678', '']),
    );
    expect(problems.map(({ reason }) => reason)).toEqual([
      'QQ 是 5 到 12 位数字；手机是 11 位数字，这里有 7 位',
      'QQ、手机、微信号至少填一个',
      '请填写姓名',
    ]);
  });

  it('a note longer than the form takes is kept whole', async () => {
    const note = '长'.repeat(1_500);
    const { id, kept } = await school.read(await sheet(['姓名', '手机', '备注'], ['王小雨', '13800138000', note]));
    expect(kept).toBe(0);
    await school.run(id);
    expect(await customers()).toMatchObject([{ memo: note }]);
  });
});
