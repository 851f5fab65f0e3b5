import { demand } from '../access/access.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { readSettings } from './read-settings.ts';
import { SETTINGS, type SettingName, type Settings } from './schema.ts';

/**
 * Changes some of the school's settings; the audit keeps what they were. Returns all as they are now.
 * @throws Refusal `forbidden`
 */
export async function changeSettings(scope: Scope, changes: Partial<Settings>): Promise<Settings> {
  demand(scope.actor, 'settings.edit', '修改设置');
  const now = await readSettings(scope.tx);
  const changed = Object.entries(changes).filter(
    ([name, value]) => value !== undefined && value !== now[name as SettingName],
  );
  for (const [name, value] of changed) {
    await scope.tx.$executeRaw`
      INSERT INTO "Setting" (key, value, "updatedAt") VALUES (${name}, ${JSON.stringify(value)}::jsonb, ${scope.now})
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, "updatedAt" = excluded."updatedAt"`;
  }
  return { ...now, ...Object.fromEntries(changed) };
}

/**
 * Writes the settings a new database starts with: the initial ones, with the environment's own for those it names.
 * What is there already rules and stays.
 */
export async function seedSettings(tx: Tx, now: Date, own: Partial<Settings> = {}): Promise<void> {
  const initial = Object.entries(SETTINGS).map(([key, { initial: value }]) => ({
    key,
    value: own[key as SettingName] ?? value,
  }));
  await tx.$executeRaw`
    INSERT INTO "Setting" (key, value, "updatedAt")
    SELECT r.key, coalesce(r.value, 'null'::jsonb), ${now}
    FROM jsonb_to_recordset(${JSON.stringify(initial)}::jsonb) AS r(key text, value jsonb)
    ON CONFLICT (key) DO NOTHING`;
}
