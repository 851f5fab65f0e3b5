import { describe, expect, it } from 'vitest';
import { findViolations } from './boundaries.ts';
import { importsOf, readImports } from './read-imports.ts';

/** A house of a few files, for planting what must be found. */
function house(files: Readonly<Record<string, string>>) {
  return new Map(Object.entries(files).map(([file, text]) => [file, importsOf(file, text)]));
}

describe('the boundaries between the rooms', () => {
  it('hold in the sources', () => {
    expect(findViolations(new Map([...readImports('src')]))).toEqual([]);
  });

  it.each([
    ['the kernel asks a feature', 'src/kernel/clock.ts', "import { x } from '../customers/index.ts';", 'may not know'],
    [
      'a feature asks one it was not given',
      'src/rooms/rules.ts',
      "import { x } from '../teaching/index.ts';",
      'may not know',
    ],
    [
      'a feature is entered by the window',
      'src/assignment/why.ts',
      "import { x } from '../customers/rules.ts';",
      'entered by its index.ts',
    ],
    [
      'types count too',
      'src/assignment/why.ts',
      "import type { X } from '../customers/rules.ts';",
      'entered by its index.ts',
    ],
    [
      're-exports count too',
      'src/assignment/why.ts',
      "export { x } from '../customers/rules.ts';",
      'entered by its index.ts',
    ],
    [
      'a package is used outside its owner',
      'src/rooms/rules.ts',
      "import { Redis } from 'ioredis';",
      'ioredis belongs to',
    ],
    ['a package is loaded late', 'src/rooms/rules.ts', "const x = await import('exceljs');", 'exceljs belongs to'],
    [
      'a room asks the wiring',
      'src/rooms/rules.ts',
      "import type { Parts } from '../wire.ts';",
      'not the other way round',
    ],
    ['a room nobody declared', 'src/annex/rules.ts', "import { x } from '../kernel/clock.ts';", 'nobody has said'],
  ])('finds it where %s', (_, file, text, said) => {
    expect(findViolations(house({ [file]: text }))).toEqual([expect.stringContaining(said)]);
  });

  it('finds rooms that know each other in a circle', () => {
    const violations = findViolations(
      house({
        'src/customers/rules.ts': "import { x } from '../settings/index.ts';",
        'src/settings/rules.ts': "import { x } from '../customers/index.ts';",
      }),
    );
    expect(violations).toContainEqual('rooms that know each other in a circle: customers, settings');
  });
});
