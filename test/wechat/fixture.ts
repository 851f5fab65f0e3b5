import { readFileSync } from 'node:fs';

/** A recorded push, by the name of its file in test/fixtures/wechat. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/wechat/${name}.xml`, import.meta.url), 'utf8');
}
