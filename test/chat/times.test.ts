import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHours, sayHours, takeHours, takeLength } from '../../src/chat/times.ts';

describe('readHours', () => {
  it.each([
    ['10-12', 10, 12],
    ['10～12', 10, 12],
    ['10:00-12:00', 10, 12],
    ['１０：００－１２：００', 10, 12],
    ['10:00–12:00', 10, 12],
    ['10点到12点', 10, 12],
    ['10点至12点', 10, 12],
    ['十点到十二点', 10, 12],
    ['下午2点', 14, 15],
    ['下午两点到四点', 14, 16],
    ['14点', 14, 15],
    ['14:00', 14, 15],
    ['上午9-11', 9, 11],
    ['早上8点', 8, 9],
    ['中午12点', 12, 13],
    ['中午1点', 13, 14],
    ['晚上7点', 19, 20],
    ['晚上8-10', 20, 22],
    ['2-4', 14, 16],
    ['2点', 14, 15],
    ['10-2', 10, 14],
    ['上午10点到下午2点', 10, 14],
    ['下午2点 2小时', 14, 16],
    ['14点2个小时', 14, 16],
    ['2点两小时', 14, 16],
    ['9点钟', 9, 10],
    ['10点12点', 10, 12],
    ['10点整', 10, 11],
    ['10点左右', 10, 11],
    ['2pm', 14, 15],
    ['9-11am', 9, 11],
    ['0900-1100', 9, 11],
    ['9.00-11.00', 9, 11],
    ['上午全部', 8, 12],
    ['一下午', 13, 18],
    ['整天', 8, 21],
  ])('%s is %i to %i', (said, from, to) => {
    expect(readHours(said)).toEqual({ from, to });
  });

  it.each(['', '10', '夏威夷', '明天', '12-10-8', '2小时', '下午'])('%s is no time', (said) => {
    expect(readHours(said)).toBeNull();
  });

  it.each([
    ['下午2点半', [14, 15], [15, 16]],
    ['10:30-12:00', [10, 12], [11, 12]],
    ['10-12:30', [10, 13], [10, 12]],
    ['2点一刻', [14, 15], [15, 16]],
    ['14点30分', [14, 15], [15, 16]],
    ['10点 1个半小时', [10, 12], [10, 11]],
    ['10点半小时', [10, 11]],
    ['2:30pm', [14, 15], [15, 16]],
  ])('%s is not on the hour: it is asked back with the hours round it', (said, ...could) => {
    expect(takeHours(said)).toMatchObject({
      why: expect.stringContaining('整点'),
      could: could.map(([from, to]) => ({ from, to })),
    });
  });

  it.each([
    ['10-9', '倒过来'],
    ['10点到9点', '倒过来'],
    ['8-7', '倒过来'],
    ['9-5', '倒过来'],
    ['晚上9点到8点', '倒过来'],
    ['10-10', '同一个钟点'],
    ['25点', '没有「25点」'],
    ['上午14点', '没有「上午14点」'],
    ['晚上3点', '没有「晚上3点」'],
  ])('%s is asked back: %s', (said, why) => {
    expect(takeHours(said)?.why).toContain(why);
    expect(readHours(said)).toBeNull();
  });

  it('reads back what people are shown, for every hour of the day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 23 }), fc.integer({ min: 1, max: 12 }), (from, length) => {
        const hours = { from, to: Math.min(from + length, 24) };
        expect(readHours(sayHours(hours))).toEqual(hours);
        expect(readHours(`${hours.from}-${hours.to}`)).toEqual(hours);
        expect(readHours(`${hours.from}点到${hours.to}点`)).toEqual(hours);
        expect(readHours(`${hours.from}点${hours.to - hours.from}小时`)).toEqual(hours);
      }),
    );
  });
});

describe('takeHours', () => {
  it('gives what follows the time', () => {
    expect(takeHours('10-12 开周会')).toMatchObject({ hours: { from: 10, to: 12 }, rest: '开周会' });
  });
});

describe('takeLength', () => {
  it('reads hours, halves as halves', () => {
    expect(takeLength('2小时')?.hours).toBe(2);
    expect(takeLength('两个小时')?.hours).toBe(2);
    expect(takeLength('一个半小时')?.hours).toBe(1.5);
    expect(takeLength('半小时')?.hours).toBe(0.5);
    expect(takeLength('明天')).toBeNull();
  });
});
