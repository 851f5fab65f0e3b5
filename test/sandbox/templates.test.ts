import { describe, expect, it } from 'vitest';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { fitValue } from '../../src/notify/template-values.ts';
import { sandboxNoticeTemplates } from '../../src/sandbox/index.ts';
import { isTemplateValue } from '../../src/sandbox/template-values.ts';
import { SAMPLES, TEMPLATE_KINDS, viewOf } from '../notify/kinds.ts';

const time = createSchoolTime('Asia/Shanghai');
const createdAt = new Date('2026-11-21T06:30:00Z');

describe("the sandbox's templates", () => {
  it('are there for every kind that has one', () => {
    expect(sandboxNoticeTemplates(noticeCatalogue).map(({ kind }) => kind)).toEqual([...TEMPLATE_KINDS]);
  });

  it.each(sandboxNoticeTemplates(noticeCatalogue))(
    '$kind: what a notice says fits the fields of its template',
    ({ kind, fields }) => {
      const values = viewOf(kind, SAMPLES[kind], { createdAt, time })?.values ?? {};
      for (const [name, value] of Object.entries(fields)) {
        const fitted = fitValue(name, values[value] ?? '', '2026-11-21');
        expect(fitted, `${name} ← ${value}`).toMatchObject({ ok: true });
        expect(isTemplateValue(name, fitted.ok && fitted.value), `${name} ← ${value}`).toBe(true);
      }
    },
  );
});
