import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import * as templates from '../../src/notify/map-templates.ts';
import * as views from '../../src/notify/views.ts';
import { sandboxTemplates } from '../../src/sandbox/index.ts';

// The kinds of notice by their names, as tests speak of them.

export const TEMPLATE_KINDS = noticeCatalogue.templated.map(({ kind }) => kind);

export const SAMPLES = Object.fromEntries(noticeCatalogue.notices.map(({ kind, sample }) => [kind, sample]));

export const SANDBOX_TEMPLATES = Object.fromEntries(
  sandboxTemplates(noticeCatalogue).map((template) => [template.kind, template]),
);

/** The sandbox's template of a kind that has one. */
export function sandboxTemplate(kind: string) {
  const template = SANDBOX_TEMPLATES[kind];
  if (!template) throw new Error(`${kind} has no template`);
  return template;
}

function templated(kind: string) {
  const notice = noticeCatalogue.findTemplated(kind);
  if (!notice) throw new Error(`${kind} has no template`);
  return notice;
}

export const isTemplateKind = (kind: string) => noticeCatalogue.findTemplated(kind) !== undefined;

export const guessFields = (kind: string, fields: readonly templates.TemplateField[]) =>
  templates.guessFields(templated(kind), fields);

export const sampleValues = (kind: string) => templates.sampleValues(templated(kind));

export function viewOf(kind: string, data: unknown, at: Parameters<typeof views.viewOf>[2]) {
  const notice = noticeCatalogue.find(kind);
  if (!notice) throw new Error(`nobody declares ${kind}`);
  return views.viewOf(notice, data, at);
}
