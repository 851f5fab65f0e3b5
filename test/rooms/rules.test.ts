import { describe, expect, it } from 'vitest';
import { asNumber, asRange } from '../../src/rooms/range-number.ts';
import { hasBegun } from '../../src/rooms/rules.ts';
import { runsOf, saySlots } from '../../src/rooms/schema.ts';

describe('whether a slot has begun', () => {
  it.each([
    ['yesterday', '2026-11-20', 13, 0, true],
    ['tomorrow', '2026-11-22', 1, 1439, false],
    ['10:00 at 9:59', '2026-11-21', 3, 599, false],
    ['10:00 at 10:00', '2026-11-21', 3, 600, true],
    ['20:00 at 19:59', '2026-11-21', 13, 1199, false],
  ])('%s', (_, date, slot, minute, begun) => {
    expect(hasBegun(date, slot, '2026-11-21', minute)).toBe(begun);
  });
});

it('neighbouring hours are said together', () => {
  expect(runsOf([3, 1, 2, 7])).toEqual([
    [1, 3],
    [7, 7],
  ]);
  expect(saySlots([3, 4, 8])).toBe('10:00–12:00、15:00–16:00');
});

it('a range kept as a number comes back as it was', () => {
  const range = { date: '2027-12-31', roomId: 2_345_678, from: 1, to: 13 };
  expect(asRange(asNumber(range))).toEqual(range);
  expect(Number.isSafeInteger(asNumber(range))).toBe(true);
});
