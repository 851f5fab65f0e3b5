import { definePage, type Page, type PageContext } from '../web/define-page.ts';
import { changeSettings } from './change-settings.ts';
import { readSettings } from './read-settings.ts';
import { ChangeSettings, SETTING_NAMES, SETTINGS, type Settings } from './schema.ts';

/** 设置: the day counts, caps and times an administrator rules. */
export const settingsPages: readonly Page[] = [
  definePage({
    method: 'GET',
    path: '/settings',
    permission: 'settings.edit',
    handler: async (c) => {
      const settings = await c.inTransaction(({ tx }) => readSettings(tx));
      if (c.wantsJson) return c.json({ row: settings });
      show(c, settings);
    },
  }),
  definePage({
    method: 'POST',
    path: '/settings',
    permission: 'settings.edit',
    handler: async (c) => {
      const changes = c.input(ChangeSettings);
      const settings = await c.inTransaction((scope) => changeSettings(scope, changes));
      if (c.wantsJson) return c.json({ row: settings });
      c.redirect('/settings', '已保存，下次就按新的算');
    },
    invalid: (c, problems) => show(c, problems.values, problems),
  }),
];

function show(
  c: PageContext,
  values: Readonly<Record<string, unknown>> | Settings,
  problems?: { status: number; fields: Readonly<Record<string, string>> },
): void {
  const given = values as Record<string, unknown>;
  const fields = SETTING_NAMES.map((name) => {
    const { title, hint, group, initial } = SETTINGS[name];
    const isFlag = typeof initial === 'boolean';
    return {
      name,
      title,
      hint,
      group,
      type: isFlag ? 'select' : typeof initial === 'string' ? 'text' : 'number',
      value: String(given[name] ?? ''),
      problem: problems?.fields[name],
      required: initial !== null,
      ...(isFlag && {
        options: [
          { value: 'false', title: '关' },
          { value: 'true', title: '开' },
        ],
      }),
    };
  });
  const groups = [...new Set(fields.map(({ group }) => group))].map((title) => ({
    title,
    fields: fields.filter(({ group }) => group === title),
  }));
  c.render(
    'settings/settings',
    { groups },
    { title: '设置', crumbs: [{ title: '设置' }], ...(problems && { status: problems.status }) },
  );
}
