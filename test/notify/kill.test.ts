import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { seedNoticeTemplates, writeNotices } from '../../src/notify/index.ts';
import { sandboxNoticeTemplates } from '../../src/sandbox/index.ts';
import { openTestDatabase, quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { startPlatform } from '../wechat/platform.ts';
import { assigned, NOON, TEMPLATE_SEND } from './notify-school.ts';

const SCRIPT = fileURLToPath(new URL('./send-until-killed.ts', import.meta.url));
const NOTICES = 60;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A platform that knows keys for ten minutes, and calls `onSend` when a message has been accepted but not answered. */
async function startKeyedPlatform(onSend: (accepted: number) => Promise<void> | void) {
  const platform = await startPlatform();
  const accepted = new Map<string, number>();
  let calls = 0;
  platform.answer(TEMPLATE_SEND, async (res, { body }) => {
    const { client_msg_id } = JSON.parse(body.toString());
    if (!accepted.has(client_msg_id)) accepted.set(client_msg_id, accepted.size + 1);
    calls += 1;
    await onSend(accepted.size);
    if (res.destroyed) return;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ errcode: 0, errmsg: 'ok', msgid: accepted.get(client_msg_id) }));
  });
  return { platform, accepted, calls: () => calls };
}

async function seed(prisma: PrismaClient) {
  const at = new Date(NOON);
  await seedNoticeTemplates(prisma, 'wx1', sandboxNoticeTemplates(noticeCatalogue));
  const { id } = await prisma.person.create({
    data: { name: '李娜', username: 'lina', passwordHash: '-', openid: 'oXx_lina', createdAt: at, updatedAt: at },
  });
  await writeNotices(
    prisma,
    at,
    Array.from({ length: NOTICES }, (_, n) => assigned(id, `assigned:${n}`)),
  );
}

function startNode(database: string, platform: string, wallOffsetMs: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, database, platform, String(wallOffsetMs)]);
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return { child, ended, problems: () => said };
}

/** Kills a node with messages in flight, starts another a minute later; every notice is sent, each under one key. */
async function killAndTakeOver(database: string, killAfter: number) {
  let node: ReturnType<typeof startNode> | undefined;
  const { platform, accepted, calls } = await startKeyedPlatform((count) => {
    if (count === killAfter) node?.child.kill('SIGKILL');
  });
  try {
    node = startNode(database, platform.base, 0);
    expect(await node.ended, node.problems()).toBeNull();
    const second = startNode(database, platform.base, 61_000);
    node = undefined;
    expect(await second.ended, second.problems()).toBe(0);
    return { accepted, calls: calls() };
  } finally {
    await platform.stop();
  }
}

async function check(prisma: PrismaClient, { accepted, calls }: Awaited<ReturnType<typeof killAndTakeOver>>) {
  const notices = await prisma.notification.findMany();
  expect(notices).toHaveLength(NOTICES);
  expect(notices.every(({ state }) => state === 'sent')).toBe(true);
  // One message for each notice at the platform; whatever was in flight was asked for twice, under the same key.
  expect(accepted.size).toBe(NOTICES);
  expect(new Set(notices.map(({ platformId }) => platformId)).size).toBe(NOTICES);
  expect(calls).toBeGreaterThanOrEqual(NOTICES);
  expect(calls).toBeLessThanOrEqual(NOTICES + 20);
}

describe('a node killed (-9) while sending, on the embedded database', () => {
  it.each([3, 31])(
    'after %i messages, leaves none unsent and none doubled',
    async (killAfter) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'xiaoxin-notify-'));
      try {
        const first = await openDatabase({ dataDir, loadFrom: inject('embeddedTemplate'), log: quietLog });
        await seed(first.prisma);
        await first.close();
        const sent = await killAndTakeOver(dataDir, killAfter);
        const after = await openDatabase({ dataDir, log: quietLog });
        await check(after.prisma, sent).finally(() => after.close());
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    },
    90_000,
  );
});

postgresOnly('a node killed (-9) while sending, on PostgreSQL', () => {
  it.each([1, 20, 47])(
    'after %i messages, leaves none unsent and none doubled',
    async (killAfter) => {
      const database = await openTestDatabase();
      try {
        await seed(database.prisma);
        await check(database.prisma, await killAndTakeOver(database.databaseUrl ?? '', killAfter));
      } finally {
        await database.close();
      }
    },
    90_000,
  );
});
