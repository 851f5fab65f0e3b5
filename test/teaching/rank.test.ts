import { describe, expect, it } from 'vitest';
import { readScore, SCORES, sayScore } from '../../src/teaching/choices.ts';
import { rankStudents, sumOf } from '../../src/teaching/rank.ts';

const scores = (...list: number[]) => list.map((score) => ({ score, attendance: 'present' as const }));
const plain = { attendanceCounts: false };
const counting = { attendanceCounts: true };

describe('sumOf', () => {
  it.each([
    ['nothing at all', [], 0],
    ['only N/A', [-1, -1], 0],
    ['N/A between scores', [100, -1, 85], 185],
    ['a D', [0, 90], 90],
    ['a COPY, which counts −100', [100, -100], 0],
    ['a FAIL, which counts −1000', [90, -1000], -910],
  ])('of %s is the sum without N/A', (_, list, sum) => {
    expect(sumOf(scores(...list), plain)).toBe(sum);
  });

  it.each([
    ['present', 0],
    ['excused', 0],
    ['late', -5],
    ['leftEarly', -5],
    ['absent', -20],
  ] as const)('counts %s only where the setting says so', (attendance, points) => {
    const records = [{ score: 80, attendance }];
    expect(sumOf(records, plain)).toBe(80);
    expect(sumOf(records, counting)).toBe(80 + points);
  });

  it('takes equal records together as often as they were', () => {
    expect(sumOf([{ score: 90, attendance: 'late', times: 3 }], counting)).toBe(255);
  });
});

describe('rankStudents', () => {
  it('lets equal sums share a rank and leaves out the ranks they take up', () => {
    const ranked = rankStudents(
      [
        { studentId: 1, records: scores(80) },
        { studentId: 2, records: scores(100) },
        { studentId: 3, records: scores(40, 40) },
        { studentId: 4, records: scores(-1) },
      ],
      plain,
    );
    expect(ranked.map(({ studentId, rank }) => [studentId, rank])).toEqual([
      [2, 1],
      [1, 2],
      [3, 2],
      [4, 4],
    ]);
  });
});

describe('readScore', () => {
  it.each([
    ['A+', 100],
    ['a', 90],
    ['Ｂ＋', 85],
    [' b - ', 70],
    ['85', 85],
    ['', -1],
    ['n/a', -1],
    ['copy', -100],
    ['FAIL', -1000],
    [60, 60],
  ])('reads %j', (written, score) => {
    expect(readScore(written)).toBe(score);
  });

  it.each(['E', '99', 'A++', '-2', 99, null, {}])('takes %j for no score', (written) => {
    expect(readScore(written)).toBeNull();
  });

  it('reads back every score it says', () => {
    for (const [score] of SCORES) expect(readScore(sayScore(score))).toBe(score);
  });
});
