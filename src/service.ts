import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadDemoSchool } from '../prisma/seed.ts';
import type { Config } from './config.ts';
import { openControlDoor } from './control/door.ts';
import { prepareDataFolder } from './database/data-folder.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo.ts';
import type { AccountChange } from './doors/take-account.ts';
import { createSandbox, PLATFORM_PATH } from './sandbox/index.ts';
import { createReadiness, listen } from './server.ts';
import { readShownCodes } from './teaching/index.ts';
import { bringToForm } from './upgrade/index.ts';
import { createApp } from './web/app.ts';
import { wechatCallbackRoute } from './wechat/index.ts';
import { openParts, projectFolder } from './wire.ts';

/** How long requests under way may take after the signal to stop. */
const GRACE_MS = 4_000;

export type Service = { url: string; welcome: string; stop(): Promise<void> };

/**
 * Starts the service: listens, opens and migrates the database, loads the demo school into a new one, catches up on
 * missed jobs, and only then is ready.
 * @param onBroken when the embedded database breaks while in use: the process cannot go on
 */
export async function startService(config: Config, log: Logger, onBroken?: (error: Error) => void): Promise<Service> {
  await prepareDataFolder(config.dataDir, log);
  for (const warning of config.warnings) log.warn(warning);
  const readiness = createReadiness('database', 'demo school', 'normal forms', 'missed jobs');
  const server = await listen(config.host, config.port, readiness);
  const baseUrl = config.baseUrl ?? `http://localhost:${server.port}`;
  const addresses = { platformUrl: `${server.loopbackUrl}${PLATFORM_PATH}` };
  const templates = join(projectFolder, 'templates');
  let draining = false;

  const sessionSecret = config.sessionSecret ?? (await keptSecret(config.dataDir));
  const parts = await openParts({ config, log, addresses, baseUrl, sessionSecret, onBroken }).catch(async (error) => {
    await server.close(0);
    throw error;
  });
  readiness.missing.delete('database');
  if (config.demo) await loadDemoSchool(parts, { withPhones: parts.account !== null });
  readiness.missing.delete('demo school');
  await bringToForm({ prisma: parts.database.prisma, inTransaction: parts.inTransaction, log });
  readiness.missing.delete('normal forms');

  const sandbox = parts.account
    ? createSandbox({
        prisma: parts.database.prisma,
        account: parts.account,
        clock: parts.clock,
        time: parts.time,
        catalogue: parts.catalogue,
        log,
        baseUrl,
        botDispatch: parts.dispatch,
        callbackUrl: () => `${server.loopbackUrl}/wechat/callback`,
        runDueJobs: () => parts.scheduler.runDue(),
        settle: () => parts.outbox.settle(),
        pageCodes: () => readShownCodes({ tx: parts.database.prisma, now: parts.clock.now() }, baseUrl),
        templates: join(templates, 'sandbox'),
        words: parts.registry.words.slice(0, 12),
        severalNodes: !parts.database.embedded,
      })
    : null;
  const control = await openControlDoor(config.dataDir, server.loopbackUrl, parts.controls);
  const app = createApp({
    log,
    clock: parts.clock,
    time: parts.time,
    inTransaction: parts.inTransaction,
    prisma: parts.database.prisma,
    loadSession: parts.loadSession,
    pages: parts.pages,
    tables: parts.tables,
    figures: parts.figures,
    metrics: parts.metrics,
    ready: async () => [...readiness.missing, ...(await parts.health.missing())],
    without: parts.health.without,
    draining: () => draining,
    sessionSecret,
    baseUrl,
    behindProxy: config.behindProxy,
    metricsToken: config.metricsToken,
    rawRoutes: [control.routes, wechatCallbackRoute(parts.callback), ...(sandbox ? [sandbox.routes()] : [])],
    templates,
    cacheTemplates: config.production || !process.execArgv.some((argument) => argument.includes('tsx')),
  });
  server.serve(app.callback());

  await sandbox?.start();
  parts.menu.start();
  await parts.scheduler.runDue();
  parts.scheduler.start();
  parts.outbox.start();
  readiness.missing.clear();

  return {
    url: baseUrl,
    welcome: welcome(baseUrl, config.demo, sandbox !== null, parts.accountChange),
    stop: async () => {
      draining = true;
      // What is in flight may still reach the sandbox's platform, so it ends while requests do.
      const drained = parts.drain();
      await control.close();
      await sandbox?.stop();
      await Promise.all([drained, server.close(GRACE_MS)]);
      await parts.close();
    },
  };
}

/** The secret of an installation that was given none: made once, readable by its owner only. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'session-secret');
  // Of two starts at once one writes, the other reads what it wrote.
  await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return readFile(file, 'utf8');
}

function welcome(url: string, demo: boolean, sandbox: boolean, { released, restored }: AccountChange): string {
  return [
    '',
    '  校信已启动',
    `  网页  ${url}`,
    ...(sandbox ? [`  沙盒  ${url}/sandbox`] : []),
    ...(released > 0 ? [`  公众号换了：${released} 人原来的微信绑定留作历史，要用新的公众号再扫一次`] : []),
    ...(restored > 0 ? [`  公众号换回来了：${restored} 人恢复了原来的微信绑定`] : []),
    ...(demo ? [`  演示账号  ${DEMO_ACCOUNTS.join(' ')}`, `  密码都是  ${DEMO_PASSWORD}`] : []),
    '',
  ].join('\n');
}
