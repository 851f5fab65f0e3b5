import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDay, readDay, takeDay } from '../../src/chat/dates.ts';
import { addDays, weekdayOf } from '../../src/kernel/school-time.ts';

/** A Saturday. */
const TODAY = '2026-11-21';

describe('readDay', () => {
  it.each([
    ['今天', '2026-11-21'],
    ['今日', '2026-11-21'],
    ['明天', '2026-11-22'],
    ['后天', '2026-11-23'],
    ['大后天', '2026-11-24'],
    ['昨天', '2026-11-20'],
    ['前天', '2026-11-19'],
    ['周六', '2026-11-21'],
    ['周五', '2026-11-27'],
    ['星期天', '2026-11-22'],
    ['礼拜三', '2026-11-25'],
    ['周日', '2026-11-22'],
    ['这周日', '2026-11-22'],
    ['本周一', '2026-11-16'],
    ['下周一', '2026-11-23'],
    ['下个星期五', '2026-11-27'],
    ['下下周二', '2026-12-01'],
    ['上周五', '2026-11-13'],
    ['周末', '2026-11-21'],
    ['3天后', '2026-11-24'],
    ['两周后', '2026-12-05'],
    ['12月3日', '2026-12-03'],
    ['十二月三号', '2026-12-03'],
    ['3月5日', '2027-03-05'],
    ['3-5', '2027-03-05'],
    ['03/05', '2027-03-05'],
    ['１２－３', '2026-12-03'],
    ['2027-01-05', '2027-01-05'],
    ['2027/1/5', '2027-01-05'],
    ['2027年1月5日', '2027-01-05'],
    ['25号', '2026-11-25'],
    ['5号', '2026-12-05'],
    ['31号', '2026-12-31'],
    ['下个月5号', '2026-12-05'],
    ['2月29日', '2028-02-29'],
    ['明儿', '2026-11-22'],
    ['12.3', '2026-12-03'],
    ['12/3', '2026-12-03'],
    ['月底', '2026-11-30'],
    ['下个月底', '2026-12-31'],
    ['2月底', '2027-02-28'],
    ['元旦', '2027-01-01'],
    ['春节', '2027-02-06'],
    ['中秋节', '2027-09-15'],
    ['清明', '2027-04-05'],
    ['冬至', '2026-12-22'],
  ])('%s, said on Saturday 2026-11-21, is %s', (said, day) => {
    expect(readDay(said, TODAY)).toBe(day);
  });

  it.each([
    '',
    '明',
    '夏威夷',
    '13-5',
    '13.5',
    '十一点',
    '3.5小时',
    '2月30日',
    '2026-02-29',
    '10:00',
    '明天10-12',
    '32号',
    '周八',
  ])('%s is no day', (said) => {
    expect(readDay(said, TODAY)).toBeNull();
  });

  it.each([
    ['3月5日', '2026-03-05'],
    ['周五', '2026-11-20'],
    ['5号', '2026-11-05'],
  ])('%s, where a past day is as welcome, is %s', (said, day) => {
    expect(readDay(said, TODAY, { want: 'any' })).toBe(day);
  });

  it.each([
    ['11-20', '2026-11-20'],
    ['6月1日', '2026-06-01'],
    ['3月5日', '2027-03-05'],
    ['11-22', '2026-11-22'],
    ['周五', '2026-11-27'],
    ['5号', '2026-12-05'],
    ['2027-11-20', '2027-11-20'],
  ])('%s, where a month and day not long past are no day of next year, is %s', (said, day) => {
    expect(readDay(said, TODAY, { want: 'near' })).toBe(day);
  });

  const anyDay = fc.integer({ min: 0, max: 3000 }).map((n) => addDays('2024-01-01', n));

  it('reads back every day written with its year, from whatever today', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (day, today) => {
        const [y, m, d] = day.split('-').map(Number);
        for (const written of [day, `${y}/${m}/${d}`, `${y}年${m}月${d}日`]) expect(readDay(written, today)).toBe(day);
      }),
    );
  });

  it('reads back every day of the coming year written without it', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 364 }), (today, later) => {
        const day = addDays(today, later);
        const [, m, d] = day.split('-').map(Number);
        for (const written of [`${m}月${d}日`, `${m}-${d}`, day.slice(5), day.slice(5).replace('-', '/')])
          expect(readDay(written, today)).toBe(day);
      }),
    );
  });

  it('takes a bare weekday for the next such day, today included', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 6 }), (today, later) => {
        const day = addDays(today, later);
        const sign = '一二三四五六日'[weekdayOf(day) - 1];
        for (const week of ['周', '星期', '礼拜']) expect(readDay(`${week}${sign}`, today)).toBe(day);
      }),
    );
  });
});

describe('takeDay', () => {
  it('gives what follows the day, with or without a blank', () => {
    expect(takeDay('明天10-12', TODAY)).toMatchObject({ day: '2026-11-22', rest: '10-12' });
    expect(takeDay('周五 下午2点', TODAY)).toMatchObject({ day: '2026-11-27', rest: '下午2点' });
    expect(takeDay('明早9点', TODAY)).toMatchObject({ day: '2026-11-22', rest: '早9点' });
  });

  it('takes nothing where the text does not begin with a day', () => {
    expect(takeDay('夏威夷 明天', TODAY)).toBeNull();
  });
});

describe('findDay', () => {
  it.each([
    ['约了周五试听', '2026-11-27'],
    ['周五试听，约了带家长', '2026-11-27'],
    ['今天聊了一个小时，下周三再来', '2026-11-25'],
    ['昨天没接，明天再打', '2026-11-22'],
    ['想先看课表，下周再聊', '2026-11-23'],
    ['12月3日发工资后报名', '2026-12-03'],
    ['3天后回访', '2026-11-24'],
    ['11-27 试听', '2026-11-27'],
    ['上周五来过，25号交钱', '2026-11-25'],
    ['年后3月5日上班', '2027-03-05'],
    ['明儿再打', '2026-11-22'],
    ['月底发工资再说', '2026-11-30'],
    ['元旦来交钱', '2027-01-01'],
    ['约了十二月三号', '2026-12-03'],
  ])('「%s」 names %s', (text, day) => {
    expect(findDay(text, TODAY)).toBe(day);
  });

  it.each([
    '聊得不错',
    '今天聊过',
    '昨天下午 3-5 点来过',
    '在3号楼上班',
    '已说明天气原因',
    '11月3日见过',
    '预算 10-12 万',
    '预算1.5万',
    '春节后再说',
    '每天3.5小时',
    '五一起来过',
    '上个月底来过',
    '',
  ])('「%s」 names no day to come', (text) => {
    expect(findDay(text, TODAY)).toBeNull();
  });
});
