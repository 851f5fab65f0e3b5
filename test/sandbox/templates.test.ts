import { describe, expect, it } from 'vitest';
import { TEMPLATE_KINDS } from '../../src/kernel/notice.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { fitValue } from '../../src/notify/template-values.ts';
import { SAMPLES, viewOf } from '../../src/notify/views.ts';
import { sandboxNoticeTemplates } from '../../src/sandbox/index.ts';
import { isTemplateValue } from '../../src/sandbox/template-values.ts';

const time = createSchoolTime('Asia/Shanghai');
const createdAt = new Date('2026-11-21T06:30:00Z');

describe("the sandbox's templates", () => {
  it('are there for every kind that has one', () => {
    expect(sandboxNoticeTemplates().map(({ kind }) => kind)).toEqual([...TEMPLATE_KINDS]);
  });

  it.each(sandboxNoticeTemplates())('$kind: what a notice says fits the fields of its template', ({ kind, fields }) => {
    const values = viewOf(kind, SAMPLES[kind] as never, { createdAt, time })?.values ?? {};
    for (const [name, value] of Object.entries(fields)) {
      const fitted = fitValue(name, values[value] ?? '', '2026-11-21');
      expect(fitted, `${name} ← ${value}`).toMatchObject({ ok: true });
      expect(isTemplateValue(name, fitted.ok && fitted.value), `${name} ← ${value}`).toBe(true);
    }
  });
});
