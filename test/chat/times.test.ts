import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHours, readLength, sayHours, takeHours } from '../../src/chat/times.ts';
import { Refusal } from '../../src/kernel/refusal.ts';

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
  ])('%s is %i to %i', (said, from, to) => {
    expect(readHours(said)).toEqual({ from, to });
  });

  it.each(['', '10', '夏威夷', '明天', '25点', '12-10-8', '10-10', '2小时', '下午'])('%s is no time', (said) => {
    expect(readHours(said)).toBeNull();
  });

  it.each(['下午2点半', '10:30-12:00', '10-12:30', '2点一刻', '14点30分', '10点 1个半小时', '10点半小时'])(
    '%s is refused, since rooms go by the hour',
    (said) => {
      expect(() => readHours(said)).toThrow(Refusal);
    },
  );

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
    expect(takeHours('10-12 开周会')).toEqual({ hours: { from: 10, to: 12 }, rest: '开周会' });
  });
});

describe('readLength', () => {
  it('reads whole hours and refuses halves', () => {
    expect(readLength('2小时')).toBe(2);
    expect(readLength('两个小时')).toBe(2);
    expect(readLength('明天')).toBeNull();
    expect(() => readLength('半小时')).toThrow(Refusal);
  });
});
