import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Middleware } from 'koa';
import { z } from 'zod';
import { ControlCalls, type ControlName, type Controls, runControl } from './controls.ts';

/** Where the running service tells the operator's commands how to reach it; readable by its owner only. */
export const Announcement = z.object({ pid: z.number(), url: z.string(), key: z.string() });
export const announcementFile = (dataDir: string) => join(dataDir, 'service.json');

/**
 * The door of `npm run job`, `admin`, `backup` and `menu`: the embedded database has one owner, so they go through the
 * running service. Only who can read the data folder knows its key.
 */
export async function openControlDoor(dataDir: string, url: string, controls: Controls) {
  const key = randomBytes(24).toString('base64url');
  const announcement: z.infer<typeof Announcement> = { pid: process.pid, url, key };
  await writeFile(announcementFile(dataDir), JSON.stringify(announcement), { mode: 0o600 });

  const routes: Middleware = async (ctx, next) => {
    const name = /^\/control\/(\w+)$/.exec(ctx.path)?.[1];
    if (ctx.method !== 'POST' || !name || !Object.hasOwn(ControlCalls, name)) return next();
    if (!isKey(ctx.get('x-control-key'), key)) return next();
    try {
      ctx.body = { text: await runControl(controls, name as ControlName, await json(ctx.req)) };
    } catch (error) {
      ctx.status = 400;
      ctx.body = { problem: error instanceof Error ? error.message : String(error) };
    }
  };
  return { routes, close: () => rm(announcementFile(dataDir), { force: true }) };
}

function isKey(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}
