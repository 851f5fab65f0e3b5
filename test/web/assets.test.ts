import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAssets } from '../../src/web/assets.ts';

/** A folder with these files, read as a node reads it when it starts. */
function assetsOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'assets-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return loadAssets(folder);
}

const textOf = (assets: ReturnType<typeof loadAssets>, name: string) => assets.find(name)?.bytes.toString();

describe('the files pages load', () => {
  it('a module asks its neighbours by an address that is kept, so a browser asks for none of them twice', () => {
    const assets = assetsOf({
      'app.js': "import './lists.js';\nimport { ask } from './page.js';\nask('./page.js');\n",
      'lists.js': "import { send } from './page.js';\n/** @type {import('./page.js').Answer} */\nsend();\n",
      'page.js': 'export const ask = () => 1;\n',
    });
    const kept = (name: string) => assets.href(name).replace('/assets/', './');
    expect(textOf(assets, 'app.js')).toBe(
      `import '${kept('lists.js')}';\nimport { ask } from '${kept('page.js')}';\nask('./page.js');\n`,
    );
    expect(textOf(assets, 'lists.js')).toContain(
      `from '${kept('page.js')}';\n/** @type {import('./page.js').Answer} */`,
    );
  });

  it('what changed reaches who imports it, also through a neighbour; the others stay kept', () => {
    const files = {
      'app.js': "import './lists.js';\n",
      'lists.js': "import './page.js';\n",
      'page.js': '1;\n',
      'mark.svg': '<svg/>',
    };
    const [before, after] = [assetsOf(files), assetsOf({ ...files, 'page.js': '2;\n' })];
    expect(after.href('app.js')).not.toBe(before.href('app.js'));
    expect(after.href('lists.js')).not.toBe(before.href('lists.js'));
    expect(after.href('mark.svg')).toBe(before.href('mark.svg'));
  });

  it('every module of the pages and of the practice desk imports what there is', () => {
    const pages = loadAssets('templates/assets');
    const desk = loadAssets('templates/sandbox');
    const imported = (text = '') => [...text.matchAll(/^import .*'(.+)';$/gm)].map(([, address]) => address ?? '');
    const modules = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.js'));
    for (const name of modules('templates/assets'))
      for (const address of imported(textOf(pages, name)))
        expect(address.replace('./', '/assets/'), name).toBe(pages.href(/[\w-]+\.js/.exec(address)?.[0] ?? ''));
    for (const name of modules('templates/sandbox'))
      for (const address of imported(textOf(desk, name)).filter((one) => one.startsWith('/assets/')))
        expect(pages.find(address.slice('/assets/'.length)), `${name}: ${address}`).not.toBeNull();
  });
});
