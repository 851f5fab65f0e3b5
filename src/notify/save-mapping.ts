import { z } from 'zod';
import { demand } from '../access/access.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import type { TemplatedNotice } from '../notices/catalogue.ts';
import { describeFields } from './describe-templates.ts';
import { type FieldMap, sampleValues } from './map-templates.ts';
import { refuse } from './phrases.ts';

/** The template of a kind and what stands in its fields; without a template the kind goes other ways. */
export const SaveMapping = z.object({
  templateId: z.string().trim().max(64).nullish(),
  fields: z.record(z.string().max(40), z.string().max(60)).optional(),
});

export type SaveMapping = z.output<typeof SaveMapping>;

/**
 * Gives a kind its template of this account. Fields left out are guessed from the template's labels; each is tried with a sample.
 * @throws Refusal `forbidden`, `unknown_template`, `invalid_fields` naming the fields whose values do not fit
 */
export async function saveMapping(
  scope: Scope,
  appId: string,
  notice: TemplatedNotice,
  { templateId, fields }: SaveMapping,
): Promise<void> {
  const { kind } = notice;
  const { tx, actor } = scope;
  demand(actor, 'settings.edit', '修改模板');
  if (!templateId) {
    await tx.noticeTemplate.deleteMany({ where: { appId, kind } });
    return;
  }
  const template = await tx.wechatTemplate.findUnique({ where: { templateId, appId } });
  if (!template) throw refuse.unknown_template();

  const described = describeFields(notice, template.content, fields ?? null);
  const values = sampleValues(notice);
  const problems = described.flatMap(({ name, label, source, problem }) => {
    if (!source.startsWith('=') && !(source in values)) return [[name, `${label || name} 没有「${source}」这一项`]];
    return problem ? [[name, problem]] : [];
  });
  if (problems.length > 0) throw invalidFields(Object.fromEntries(problems));

  const map: FieldMap = Object.fromEntries(described.map(({ name, source }) => [name, source]));
  await tx.noticeTemplate.upsert({
    where: { appId_kind: { appId, kind } },
    create: { appId, kind, templateId, fields: map },
    update: { templateId, fields: map },
  });
}
