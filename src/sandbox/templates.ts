import { type Catalogue, templateOf } from '../notices/catalogue.ts';
import { fitValue, SAMPLE_DAY, sampleValues } from '../notify/index.ts';

/** A template the sandbox's account has from the start. */
export type SandboxTemplate = {
  kind: string;
  templateId: string;
  title: string;
  /** `name` is the platform's field (its type and a number), `label` what stands before it, `value` what a notice puts there. */
  fields: readonly { name: string; label: string; value: string }[];
  /** A value for each field, as the platform's `example` shows them. */
  example: readonly string[];
};

/** The templates of the sandbox's account, one for each kind that has its own, with the kind's sample as example. */
export function sandboxTemplates({ templated }: Catalogue): SandboxTemplate[] {
  return templated.map((notice) => {
    const template = templateOf(notice);
    const values = sampleValues(notice);
    const example = template.fields.map(({ name, value }) => {
      const fitted = fitValue(name, values[value] ?? '', SAMPLE_DAY);
      return fitted.ok ? fitted.value : '';
    });
    return { ...template, example };
  });
}

/** A template as the platform lists it: one line a field, `课程:{{thing1.DATA}}`. */
export function contentOf(fields: readonly { name: string; label: string }[]): string {
  return fields.map(({ name, label }) => `${label}:{{${name}.DATA}}\n`).join('');
}

/**
 * Which template and which of a notice's values each kind starts with in the sandbox, as `seedNoticeTemplates` of notify
 * takes them.
 */
export function sandboxNoticeTemplates({ templated }: Catalogue) {
  return templated.map((notice) => {
    const { kind, templateId, fields } = templateOf(notice);
    return { kind, templateId, fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
  });
}
