import { describe, expect, it } from 'vitest';
import { drawDistribution } from '../../src/teaching/charts.ts';

const BARS = [
  ['A+', 100, 2],
  ['D', 0, 1],
  ['COPY', -100, 1],
  ['FAIL', -1000, 0],
] as const;

/** How far down a word of the picture stands. */
function heightOf(word: string, svg: string): number {
  const [, tag = ''] = new RegExp(`<text([^>]*)>${word}</text>`).exec(svg) ?? [];
  const [, moved] = /translate\([\d.]+ ([\d.]+)\)/.exec(tag) ?? [];
  const [, y] = /\sy="([\d.]+)"/.exec(tag) ?? [];
  return Number(moved ?? 0) + Number(y ?? 0);
}

describe('the picture of how often each score was given', () => {
  const { picture } = drawDistribution(BARS.map(([letters, score, count]) => ({ letters, score, count })));

  it('sets COPY and FAIL on two lines on a phone, where they would run into each other', () => {
    const narrow = picture?.narrow ?? '';
    expect(heightOf('FAIL', narrow)).toBeGreaterThan(heightOf('COPY', narrow) + 8);
    expect(heightOf('COPY', narrow)).toBe(heightOf('D', narrow));
  });

  it('leaves them on one line at a desk', () => {
    const wide = picture?.wide ?? '';
    expect(heightOf('COPY', wide)).toBeGreaterThan(100);
    expect(heightOf('FAIL', wide)).toBe(heightOf('COPY', wide));
  });
});
