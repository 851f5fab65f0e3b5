import type { Tx } from '../kernel/scope.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './schema.ts';

/** The school's settings; what was never set, or no longer fits, is as in a new school. */
export async function readSettings(tx: Pick<Tx, 'setting'>): Promise<Settings> {
  const rows = await tx.setting.findMany({ where: { key: { in: SETTING_NAMES } }, select: { key: true, value: true } });
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const read = (name: SettingName) => {
    const checked = stored.has(name) ? SETTINGS[name].schema.safeParse(stored.get(name)) : null;
    return checked?.success ? checked.data : SETTINGS[name].initial;
  };
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, read(name)])) as Settings;
}

/**
 * One setting by its name, as the scheduler asks for a job's cron rule.
 * @throws Error when no setting is called so: a job declared wrongly
 */
export async function readCronRule(tx: Pick<Tx, 'setting'>, name: string): Promise<string> {
  const value = (await readSettings(tx))[name as SettingName];
  if (typeof value !== 'string') throw new Error(`no setting called ${name} holds a cron rule`);
  return value;
}
