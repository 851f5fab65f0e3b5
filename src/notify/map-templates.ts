import type { PrismaClient } from '../generated/prisma/client.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Tx } from '../kernel/scope.ts';
import type { Catalogue, TemplatedNotice } from '../notices/catalogue.ts';
import { COMMON_TITLES } from '../notices/common-values.ts';
import type { WechatApi } from '../wechat/index.ts';
import { fieldType, fitValue } from './template-values.ts';
import { viewOf } from './views.ts';

/** A field of a template: its name (`thing1`) and the label before it. */
export type TemplateField = { name: string; label: string };

/** Which value stands in each field: a value's name, or `=` and a text that is always the same. */
export type FieldMap = Readonly<Record<string, string>>;

/** The template of a kind, ready for sending; `fields` null where nobody has mapped them. */
export type Mapping = { kind: string; templateId: string; fields: FieldMap | null };

/** The fields a template's content names, `课程:{{thing1.DATA}}`. */
export function readFields(content: string): TemplateField[] {
  return [...content.matchAll(/([^\n:：{}]*)[:：]?\s*\{\{(\w+)\.DATA\}\}/g)].map(([, label = '', name = '']) => ({
    name,
    label: label.trim(),
  }));
}

/** Labels as accounts have them for our values; the first that is found in a field's label wins. */
const LABELS: readonly (readonly [value: string, label: RegExp])[] = [
  ['note', /说明|备注|提示|提醒|事项/],
  ['course', /课程/],
  ['source', /来源|渠道/],
  ['count', /数$|数量|人数/],
  ['until', /截止|到期/],
  ['reason', /原因|理由/],
  ['by', /领取人|录入人|取消人|操作人|经办/],
  ['room', /会议室|地点|房间/],
  ['cohort', /班级/],
  ['lesson', /课节|节次|章节/],
  ['score', /成绩|得分|分数/],
  ['question', /问题|内容/],
  ['time', /时段/],
  ['day', /日期/],
  ['at', /时间/],
  ['time', /时间/],
  ['customer', /客户|姓名|学员|名称/],
];

/**
 * Maps a template's fields to a kind's values: by what a value is called, by the labels the kind itself declares, by
 * labels as accounts have them, else by their types; a person may change it.
 */
export function guessFields(notice: TemplatedNotice, fields: readonly TemplateField[]): FieldMap {
  const values = sampleValues(notice);
  const free = new Set(Object.keys(values).filter((name) => name !== 'title' && name !== 'moment'));
  return Object.fromEntries(
    fields.map(({ name, label }) => {
      const byLabel = LABELS.find(([value, pattern]) => free.has(value) && pattern.test(label))?.[0];
      const byTitle = [...free].find((value) => titleOf(notice, value) === label);
      const declared = notice.template.fields.find((field) => field[1] === label && free.has(field[2]))?.[2];
      const value = byTitle ?? declared ?? byLabel ?? byType(fieldType(name), free);
      free.delete(value);
      return [name, value];
    }),
  );
}

function byType(type: string, free: ReadonlySet<string>): string {
  if (type === 'time' || type === 'date') return free.has('at') ? 'at' : 'moment';
  if (type === 'number' || type === 'character_string') return free.has('count') ? 'count' : 'moment';
  return free.has('note') ? 'note' : 'title';
}

/** How a kind's value is called on the mapping page. */
export function titleOf({ template }: TemplatedNotice, value: string): string {
  return template.titles?.[value] ?? COMMON_TITLES[value] ?? value;
}

/** Every value a kind has, with an example. */
export function sampleValues(notice: TemplatedNotice): Readonly<Record<string, string>> {
  return viewOf(notice, notice.sample, { createdAt: new Date(0), time: SAMPLE_TIME })?.values ?? {};
}

const SAMPLE_TIME: Pick<SchoolTime, 'dayOf' | 'format'> = { dayOf: () => '2026-11-21', format: () => '11-21 14:30' };

/** The day the samples are from. */
export const SAMPLE_DAY = '2026-11-21';

/** The text a field would show in a sample notice of that kind; a source beginning with `=` is the text itself. */
export function sampleOf(source: string, values: Readonly<Record<string, string>>): string {
  return source.startsWith('=') ? source.slice(1) : (values[source] ?? '');
}

/** Whether every field takes the value that is mapped to it, tried with a sample. */
function holdsSample(notice: TemplatedNotice, map: FieldMap): boolean {
  const values = sampleValues(notice);
  return Object.entries(map).every(([name, source]) => fitValue(name, sampleOf(source, values), SAMPLE_DAY).ok);
}

/**
 * Writes the mappings an account starts with (WECHAT_TEMPLATES, the sandbox's own); what is mapped already stays,
 * because after that the page rules.
 */
export async function seedNoticeTemplates(
  tx: Pick<Tx, '$executeRaw'>,
  appId: string,
  mappings: readonly { kind: string; templateId: string; fields?: FieldMap | null }[],
): Promise<void> {
  const rows = mappings.map(({ kind, templateId, fields = null }) => ({ kind, templateId, fields }));
  await tx.$executeRaw`
    INSERT INTO "NoticeTemplate" ("appId", kind, "templateId", fields)
    SELECT ${appId}, r.kind, r."templateId", r.fields
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(kind text, "templateId" text, fields jsonb)
    ON CONFLICT ("appId", kind) DO NOTHING`;
}

export type SyncParts = { prisma: PrismaClient; api: WechatApi; catalogue: Catalogue };

/**
 * Brings our list of the account's templates up to date and maps the fields nobody has mapped. Returns how many there
 * are. @throws WechatError
 */
export async function syncTemplates({ prisma, api, catalogue, now }: SyncParts & { now: Date }) {
  const { appId } = api;
  const templates = await api.listTemplates();
  const rows = templates.map(({ id, title, content, example }) => ({ id, title, content, example }));
  await prisma.$executeRaw`
    WITH listed AS (
      SELECT DISTINCT ON (id) *
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, title text, content text, example text)
    ), gone AS (
      DELETE FROM "WechatTemplate" WHERE "appId" = ${appId} AND "templateId" NOT IN (SELECT id FROM listed)
    )
    INSERT INTO "WechatTemplate" ("templateId", "appId", title, content, example, "syncedAt")
    SELECT id, ${appId}, title, content, example, ${now} FROM listed
    ON CONFLICT ("templateId") DO UPDATE SET "appId" = excluded."appId", title = excluded.title,
      content = excluded.content, example = excluded.example, "syncedAt" = excluded."syncedAt"`;
  await mapUnmapped({ prisma, catalogue }, appId, new Map(templates.map(({ id, fields }) => [id, fields])));
  return templates.length;
}

/**
 * A mapping whose fields the template no longer has is guessed anew too: it could only be refused (47003). A guess whose
 * values its fields do not hold is not kept: it would be refused as well, and look as if somebody had chosen it.
 */
async function mapUnmapped(
  { prisma, catalogue }: Pick<SyncParts, 'prisma' | 'catalogue'>,
  appId: string,
  fieldsOf: ReadonlyMap<string, TemplateField[]>,
): Promise<void> {
  for (const { kind, templateId, fields } of await prisma.noticeTemplate.findMany({ where: { appId } })) {
    const wanted = fieldsOf.get(templateId) ?? [];
    const mapped = (fields ?? {}) as FieldMap;
    const notice = catalogue.findTemplated(kind);
    if (!notice || wanted.every(({ name }) => mapped[name])) continue;
    const guessed = { ...guessFields(notice, wanted), ...pick(mapped, wanted) };
    if (!holdsSample(notice, guessed)) continue;
    await prisma.noticeTemplate.updateMany({ where: { appId, kind, templateId }, data: { fields: guessed } });
  }
}

function pick(mapped: FieldMap, wanted: readonly TemplateField[]): FieldMap {
  const names = new Set(wanted.map(({ name }) => name));
  return Object.fromEntries(Object.entries(mapped).filter(([name]) => names.has(name)));
}
