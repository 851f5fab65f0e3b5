import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** What a module asks of its neighbours: `from './page.js'`, `import './lists.js'`. */
const IMPORTED = /(?<=\b(?:from|import) '\.\/)[\w-]+\.js(?=')/g;

export type Asset = { bytes: Buffer; type: string; hash: string };

/** The files pages load, held in memory with a hash of their content. */
export type Assets = {
  find(name: string): Asset | null;
  /** The address of a file, which changes with its content. */
  href(name: string): string;
};

/**
 * Reads the folder once, modules with the hash of each neighbour they import in its address: so all of them are kept, and
 * who imports what has changed changes with it. Modules do not import each other in circles. With `watch` each
 * asking reads the file anew, for working on it.
 */
export function loadAssets(folder: string, { watch = false } = {}): Assets {
  const read = (name: string): Asset => {
    const bytes = extname(name) === '.js' ? withHashes(name) : readFileSync(join(folder, name));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return { bytes, type: TYPES[extname(name)] ?? 'application/octet-stream', hash };
  };
  const withHashes = (name: string): Buffer =>
    Buffer.from(
      readFileSync(join(folder, name), 'utf8').replace(IMPORTED, (other) => `${other}?v=${read(other).hash}`),
    );
  const listed = () => readdirSync(folder).filter((name) => extname(name) in TYPES);
  const kept = new Map(listed().map((name) => [name, read(name)]));

  const find = (name: string) => {
    if (!watch) return kept.get(name) ?? null;
    return listed().includes(name) ? read(name) : null;
  };
  return {
    find,
    href: (name) => {
      const asset = find(name);
      if (!asset) throw new Error(`templates/assets has no ${name}`);
      return `/assets/${name}?v=${asset.hash}`;
    },
  };
}
