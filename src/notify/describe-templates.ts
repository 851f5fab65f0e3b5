import type { Tx } from '../kernel/scope.ts';
import type { Catalogue, TemplatedNotice } from '../notices/catalogue.ts';
import {
  type FieldMap,
  guessFields,
  readFields,
  SAMPLE_DAY,
  sampleOf,
  sampleValues,
  titleOf,
} from './map-templates.ts';
import { readMappings } from './mappings.ts';
import type { Pauses } from './pauses.ts';
import { fieldRule, fitValue } from './template-values.ts';

/** One field of a mapped template: what it takes, what stands in it, how that looks, and what is wrong with it. */
export type FieldView = {
  name: string;
  label: string;
  rule: string;
  source: string;
  shown: string;
  problem: string | null;
};

/** One kind of notice with its template, as the page and JSON show it. */
export type KindView = {
  kind: string;
  title: string;
  templateId: string | null;
  templateTitle: string | null;
  fields: FieldView[];
  /** Until when the platform's refusal keeps it from being used. */
  stoppedUntil: Date | null;
  problem: string | null;
};

export type TemplateRow = {
  templateId: string;
  title: string;
  content: string;
  example: string | null;
  syncedAt: Date;
};

const GONE = '公众号里没有这个模板了，换一个或重新同步';

/** The account's templates as last synced. */
export function listTemplates(tx: Pick<Tx, 'wechatTemplate'>, appId: string): Promise<TemplateRow[]> {
  return tx.wechatTemplate.findMany({ where: { appId }, orderBy: [{ title: 'asc' }, { templateId: 'asc' }] });
}

/** Every kind with its template, each value tried against its field's rule with a sample notice. */
export async function describeKinds(
  tx: Tx,
  { appId, pauses, catalogue }: { appId: string; pauses: Pauses; catalogue: Catalogue },
): Promise<KindView[]> {
  const [templates, mappings] = [await listTemplates(tx, appId), await readMappings(tx, appId)];
  return Promise.all(
    catalogue.templated.map(async (notice): Promise<KindView> => {
      const { kind, title } = notice;
      const mapping = mappings.get(kind);
      const template = templates.find(({ templateId }) => templateId === mapping?.templateId);
      const fields = template ? describeFields(notice, template.content, mapping?.fields ?? null) : [];
      const isGone = mapping !== undefined && templates.length > 0 && !template;
      return {
        kind,
        title,
        templateId: mapping?.templateId ?? null,
        templateTitle: template?.title ?? null,
        fields,
        stoppedUntil: mapping ? await pauses.until(`template:${mapping.templateId}`) : null,
        problem: isGone ? GONE : (fields.find(({ problem }) => problem)?.problem ?? null),
      };
    }),
  );
}

/** A template's fields with what a kind would put there; fields nobody mapped show what would be guessed. */
export function describeFields(notice: TemplatedNotice, content: string, mapped: FieldMap | null): FieldView[] {
  const fields = readFields(content);
  const guessed = guessFields(notice, fields);
  const values = sampleValues(notice);
  return fields.map(({ name, label }) => {
    const source = mapped?.[name] ?? guessed[name] ?? 'title';
    const fitted = fitValue(name, sampleOf(source, values), SAMPLE_DAY);
    return {
      name,
      label,
      rule: fieldRule(name),
      source,
      shown: fitted.ok ? fitted.value : '',
      problem: fitted.ok ? null : `${label || name} ${fitted.why}`,
    };
  });
}

/** What may stand in a field of a kind's template, for choosing. */
export function sourcesOf(notice: TemplatedNotice): { value: string; title: string }[] {
  return Object.entries(sampleValues(notice)).map(([value, sample]) => ({
    value,
    title: `${titleOf(notice, value)}（${sample}）`,
  }));
}
