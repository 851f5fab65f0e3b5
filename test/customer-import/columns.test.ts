import { describe, expect, it } from 'vitest';
import { chooseColumns, readHeader } from '../../src/customer-import/columns.ts';
import { readChoice } from '../../src/customers/choice-words.ts';

describe('headers people use', () => {
  it.each([
    ['联系人', 'name'],
    ['学生姓名', 'name'],
    ['家长姓名', 'name'],
    ['＊客户姓名（必填）', 'name'],
    ['1. 姓 名', 'name'],
    ['\ufeff姓名\u200b', 'name'],
    ['移动电话', 'phone'],
    ['手机1', 'phone'],
    ['手机2', 'phone'],
    ['电话', 'phone'],
    ['Tel', 'phone'],
    ['TEL.', 'phone'],
    ['联系方式', 'phone'],
    ['手机（微信同号）', 'phone'],
    ['手机号/微信号', 'phone'],
    ['微信', 'wechat'],
    ['QQ号码', 'qq'],
    ['意向课程', 'courseIds'],
    ['渠道', 'source'],
    ['课程顾问', 'consultant'],
  ])('%s', (title, field) => {
    expect(Object.keys(readHeader([title]).mapping)).toEqual([field]);
  });

  it('the likelier of two titles counts, wherever it stands', () => {
    expect(readHeader(['联系人', '电话', '姓名', '手机']).mapping).toEqual({ name: 2, phone: 3, phone2: 1 });
  });
});

describe('columns somebody chooses', () => {
  it('by title, place or letter, over what was found; one chosen for a field is no other’s; none where it is not there', () => {
    const titles = ['姓名', '手机', '称呼', '传真'];
    expect(chooseColumns(titles, { name: '称呼', phone: 'D' })).toEqual({ name: 2, phone: 3 });
    expect(chooseColumns(titles, { wechat: 1 })).toEqual({ name: 0, wechat: 1 });
    expect(chooseColumns(titles, { phone: null, qq: '' })).toEqual({ name: 0 });
    expect(chooseColumns(titles, { phone: '小灵通' })).toBeNull();
    expect(chooseColumns(titles, { phone: 9 })).toBeNull();
  });
});

describe('choices as chat reads them', () => {
  it.each([
    ['source', '百度', 'baidu'],
    ['source', '其他', 'other'],
    ['source', '官网', 'website'],
    ['source', '报纸', null],
    ['education', '本科', 'regularUniversity'],
    ['education', '大专', 'juniorCollege'],
    ['education', '985', 'keyUniversity'],
    ['education', '硕士', null],
    ['experience', '3年', 'oneToThreeYears'],
    ['experience', '三年', 'oneToThreeYears'],
    ['experience', '１－３年', 'oneToThreeYears'],
    ['experience', '半年', 'underHalfYear'],
    ['experience', '6个月', 'underHalfYear'],
    ['experience', '一年半', 'oneToThreeYears'],
    ['experience', '3-5年', 'threeToFiveYears'],
    ['experience', '5年以上', 'overFiveYears'],
    ['experience', '10年工作经验', 'overFiveYears'],
    ['experience', '应届生', 'freshGraduate'],
    ['experience', '很多年', null],
    ['gender', '女生', 'female'],
    ['workStatus', '离职', 'unemployed'],
  ] as const)('%s %s', (field, said, id) => {
    expect(readChoice(field, said)).toBe(id);
  });
});
