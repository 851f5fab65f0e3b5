import { describe, expect, it } from 'vitest';
import { createStatementNames } from '../../src/database/statement-names.ts';

const often = (name: (query: { sql: string }) => string, sql: string) => [1, 2, 3, 4].map(() => name({ sql }));

describe('statement names', () => {
  it('when a statement keeps coming back, gives it one name of its own', () => {
    const name = createStatementNames();
    expect(often(name, 'SELECT 1')).toEqual(['', '', 'x1', 'x1']);
    expect(often(name, 'SELECT 2')).toEqual(['', '', 'x2', 'x2']);
    expect(name({ sql: 'SELECT 1' })).toBe('x1');
  });

  it('when every statement is new, names none', () => {
    const name = createStatementNames();
    const names = Array.from({ length: 5_000 }, (_, i) => name({ sql: `SELECT ${i}` }));
    expect(new Set(names)).toEqual(new Set(['']));
  });

  it('when it searches for a text, never names it', () => {
    const name = createStatementNames();
    expect(often(name, 'SELECT 1 WHERE "name"::text LIKE $1')).toEqual(['', '', '', '']);
  });

  it('when more come back than may be named, leaves the rest unnamed', () => {
    const name = createStatementNames(10);
    const names = Array.from({ length: 100 }, (_, i) => often(name, `SELECT ${i}`).at(-1));
    expect(new Set(names).size).toBe(11);
  });
});
