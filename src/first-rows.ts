import { seedRoles } from './access/seed-roles.ts';
import type { Config } from './config.ts';
import type { Scope } from './kernel/scope.ts';
import { noticeCatalogue } from './notice-catalogue.ts';
import { seedNoticeTemplates } from './notify/index.ts';
import { sandboxNoticeTemplates } from './sandbox/index.ts';
import { seedSettings } from './settings/index.ts';

/** Writes what a new database, or an account, starts with: roles, settings, templates' mappings. What is there stays. */
export async function writeFirstRows({ tx, now }: Scope, config: Config, appId: string): Promise<void> {
  await seedRoles(tx);
  await seedSettings(tx, now, {
    noContactDays: config.poolNoContactDays,
    noDealDays: config.poolNoDealDays,
    sweepCron: config.sweepCron,
  });
  const own = Object.entries(config.wechatTemplates);
  const mappings = config.wechat
    ? own.map(([kind, templateId]) => ({ kind, templateId }))
    : sandboxNoticeTemplates(noticeCatalogue);
  await seedNoticeTemplates(tx, appId, mappings);
}
