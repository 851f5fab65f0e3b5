import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What one source file imports: other source files by path, packages by name. Types count like everything else. */
export type Imports = { files: readonly string[]; packages: readonly string[] };

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g;

/** The imports of every source file below a folder, by path; generated files are left out. */
export function readImports(folder: string): Map<string, Imports> {
  return new Map(listSources(folder).map((file) => [file, importsOf(file, readFileSync(file, 'utf8'))]));
}

/** What a text at that path imports. */
export function importsOf(file: string, text: string): Imports {
  const names = [...text.matchAll(STATEMENT)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return {
    files: names.filter(isRelative).map((name) => join(dirname(file), name)),
    packages: names.filter((name) => !isRelative(name) && !name.startsWith('node:')).map(packageOf),
  };
}

function listSources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'generated' ? [] : listSources(path);
    return /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
  });
}

function isRelative(name: string): boolean {
  return name.startsWith('.');
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
