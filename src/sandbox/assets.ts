import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** One file of the page: its bytes, its type, and a tag that changes with its content. */
export type Asset = { body: Buffer; type: string; etag: string };

/** Reads the sandbox page's files (templates/sandbox) once, by name. */
export function loadSandboxAssets(folder: string): ReadonlyMap<string, Asset> {
  const files = readdirSync(folder).filter((name) => TYPES[extname(name)]);
  return new Map(
    files.map((name) => {
      const body = readFileSync(join(folder, name));
      const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
      return [name, { body, type: TYPES[extname(name)] ?? '', etag }];
    }),
  );
}
