import { z } from 'zod';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse as refuseAny } from '../kernel/refusal.ts';
import type { Catalogue, TemplatedNotice } from '../notices/catalogue.ts';
import { readSettings } from '../settings/index.ts';
import type { SharedState } from '../shared-state/index.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../web/define-page.ts';
import { type WechatApi, WechatError } from '../wechat/index.ts';
import { CHANNELS, type ChannelName } from './channels/channel.ts';
import { describeFields, describeKinds, listTemplates, sourcesOf } from './describe-templates.ts';
import { syncTemplates } from './map-templates.ts';
import { createPauses } from './pauses.ts';
import { CHANNEL_TITLES, refuse } from './phrases.ts';
import { NotifyPrefs } from './prefs.ts';
import { SaveMapping, saveMapping } from './save-mapping.ts';
import { readOwnPrefs, savePrefs } from './save-prefs.ts';

export type NotifyPagesParts = {
  prisma: PrismaClient;
  api: WechatApi;
  catalogue: Catalogue;
  clock: Clock;
  shared: Pick<SharedState, 'get' | 'set'>;
  /** The channels the school has, for choosing one's own. */
  configured: readonly ChannelName[];
};

const LIST = '/settings/templates';

/** 通知模板 for administrators, 我的通知 for everybody. */
export function notifyPages({ prisma, api, catalogue, clock, shared, configured }: NotifyPagesParts): readonly Page[] {
  const { appId } = api;
  const pauses = createPauses({ shared, clock, appId });
  const SaveAny = SaveMapping.extend({ kind: z.enum(catalogue.templated.map(({ kind }) => kind)) });

  return [
    definePage({ method: 'GET', path: LIST, permission: 'settings.edit', handler: showList }),
    definePage({
      method: 'POST',
      path: LIST,
      permission: 'settings.edit',
      handler: (c) => {
        const { kind, ...mapping } = c.input(SaveAny);
        return save(c, noticeNamed(kind), mapping);
      },
    }),
    definePage({ method: 'POST', path: `${LIST}/sync`, permission: 'settings.edit', handler: sync }),
    definePage({ method: 'GET', path: `${LIST}/:kind`, permission: 'settings.edit', handler: (c) => showKind(c) }),
    definePage({
      method: 'POST',
      path: `${LIST}/:kind`,
      permission: 'settings.edit',
      handler: (c) => save(c, noticeOf(c), mappingOf(c)),
      invalid: showKind,
    }),
    definePage({ method: 'GET', path: '/settings/notices', permission: 'signedIn', handler: (c) => showPrefs(c) }),
    definePage({
      method: 'POST',
      path: '/settings/notices',
      permission: 'signedIn',
      handler: async (c) => {
        const prefs = NotifyPrefs.parse(c.body.channel1 === undefined ? c.body : prefsOf(c.body));
        await c.inTransaction((scope) => savePrefs(scope, prefs));
        if (c.wantsJson) return c.json({ row: prefs });
        c.redirect('/settings/notices', '已保存');
      },
      invalid: showPrefs,
    }),
  ];

  function noticeOf(c: PageContext): TemplatedNotice {
    return noticeNamed(c.params.kind ?? '');
  }

  function noticeNamed(kind: string): TemplatedNotice {
    const notice = catalogue.findTemplated(kind);
    if (!notice) throw refuseAny.not_found({ what: '类通知' });
    return notice;
  }

  async function showList(c: PageContext): Promise<void> {
    const { kinds, templates } = await c.inTransaction(async ({ tx }) => ({
      kinds: await describeKinds(tx, { appId, pauses, catalogue }),
      templates: await listTemplates(tx, appId),
    }));
    if (c.wantsJson) return c.json({ kinds, templates });
    const syncedAt = templates[0] ? c.time.format(templates[0].syncedAt) : null;
    const shown = kinds.map((kind) => ({
      ...kind,
      stopped: kind.stoppedUntil && c.time.format(kind.stoppedUntil),
      // Whether it still fits nobody can say before the account was asked.
      unsynced: kind.templateId !== null && templates.length === 0,
    }));
    const crumbs = [{ title: '设置', path: '/settings' }, { title: '通知模板' }];
    c.render('notify/templates', { kinds: shown, count: templates.length, syncedAt }, { title: '通知模板', crumbs });
  }

  async function showKind(c: PageContext, problems?: FormProblems): Promise<void> {
    const notice = noticeOf(c);
    const { templates, view } = await c.inTransaction(async ({ tx }) => ({
      templates: await listTemplates(tx, appId),
      view: (await describeKinds(tx, { appId, pauses, catalogue })).find((one) => one.kind === notice.kind),
    }));
    if (!view) throw refuseAny.not_found({ what: '类通知' });
    const asked = problems ? problems.values.templateId : c.ctx.query.templateId;
    const chosen = typeof asked === 'string' ? asked : (view.templateId ?? '');
    const template = templates.find(({ templateId }) => templateId === chosen);
    const kept = chosen === view.templateId ? Object.fromEntries(view.fields.map((f) => [f.name, f.source])) : null;
    const mapped = problems ? (mappingOf(c).fields ?? null) : kept;
    const fields = template ? describeFields(notice, template.content, mapped) : [];
    if (c.wantsJson) return c.json({ row: { ...view, templateId: chosen || null, fields } });
    c.render(
      'notify/template',
      {
        view,
        chosen,
        template: template && { title: template.title, example: template.example },
        isUnknown: chosen !== '' && !template,
        isSynced: templates.length > 0,
        templates: templates.map(({ templateId, title }) => ({ value: templateId, title })),
        fields: fields.map((field) => ({ ...field, problem: problems?.fields[field.name] ?? field.problem })),
        sources: sourcesOf(notice),
        message: problems?.message,
      },
      {
        title: view.title,
        crumbs: [{ title: '设置', path: '/settings' }, { title: '通知模板', path: LIST }, { title: view.title }],
        ...(problems && { status: problems.status }),
      },
    );
  }

  async function save(c: PageContext, notice: TemplatedNotice, mapping: SaveMapping): Promise<void> {
    await c.inTransaction((scope) => saveMapping(scope, appId, notice, mapping));
    // Whoever maps a template anew has looked after what the platform stopped it for.
    if (mapping.templateId) await pauses.resume(`template:${mapping.templateId}`);
    if (c.wantsJson) return c.json({ row: { kind: notice.kind, ...mapping } });
    c.redirect(`${LIST}/${notice.kind}`, '已保存，下一条通知就按新的发');
  }

  async function sync(c: PageContext): Promise<void> {
    try {
      const count = await syncTemplates({ prisma, api, catalogue, now: c.now });
      if (c.wantsJson) return c.json({ count });
      c.redirect(LIST, `同步好了，公众号里有 ${count} 个模板`);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      throw refuse.sync_failed({ why: `${error.code} ${error.errmsg}` });
    }
  }

  async function showPrefs(c: PageContext, problems?: FormProblems): Promise<void> {
    const { prefs, school } = await c.inTransaction(async (scope) => ({
      prefs: await readOwnPrefs(scope),
      school: await readSettings(scope.tx),
    }));
    if (c.wantsJson) return c.json({ row: prefs });
    const options = configured.map((value) => ({ value, title: CHANNEL_TITLES[value] ?? value }));
    const order = prefs.channels?.filter((name) => configured.includes(name)) ?? configured;
    const quiet = prefs.quiet ? (prefs.quiet.on ? 'own' : 'off') : 'school';
    c.render(
      'notify/prefs',
      {
        message: problems?.message,
        channels: configured.map((_, n) => ({ name: `channel${n + 1}`, value: order[n] ?? '', options })),
        quiet,
        from: prefs.quiet?.from ?? school.quietFrom,
        until: prefs.quiet?.until ?? school.quietUntil,
        school: school.quietHours ? `${school.quietFrom}:00 到 ${school.quietUntil}:00` : '不设',
      },
      { title: '我的通知', crumbs: [{ title: '我的通知' }], ...(problems && { status: problems.status }) },
    );
  }
}

const FIELD = 'field.';

/** The form's `field.thing1` or JSON's `fields`; a fixed text stands in `text.thing1` and wins. */
function mappingOf(c: PageContext): SaveMapping {
  const { templateId, fields } = SaveMapping.parse(c.body);
  if (fields) return { templateId, fields };
  const given = Object.entries(c.body).flatMap(([name, value]): [string, string][] => {
    if (!name.startsWith(FIELD) || typeof value !== 'string' || value === '') return [];
    const field = name.slice(FIELD.length);
    const text = c.body[`text.${field}`];
    return [[field, typeof text === 'string' && text.trim() !== '' ? `=${text.trim()}` : value]];
  });
  return { templateId, ...(given.length > 0 && { fields: Object.fromEntries(given) }) };
}

/** The form: channel1, channel2 … in order, quiet as school, own or off. */
function prefsOf(body: Readonly<Record<string, unknown>>): unknown {
  const chosen = CHANNELS.map((_, n) => body[`channel${n + 1}`]).filter((name) => name !== undefined && name !== '');
  const quiet = { on: body.quiet === 'own', from: body.from, until: body.until };
  return {
    ...(chosen.length > 0 && { channels: [...new Set(chosen)] }),
    ...(body.quiet !== 'school' && { quiet }),
  };
}
