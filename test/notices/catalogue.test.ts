import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { createCatalogue, templateOf } from '../../src/notices/catalogue.ts';
import { defineNotice } from '../../src/notices/define-notice.ts';
import { defineSubject } from '../../src/notices/define-subject.ts';
import { readImports } from '../structure/read-imports.ts';

const surveySubject = defineSubject({ entity: 'survey', number: 200, path: () => '/surveys' });
const survey = defineNotice({
  kind: 'survey',
  title: '问卷',
  about: surveySubject,
  data: z.object({ title: z.string(), until: z.string() }),
  line: (d) => `请填问卷：${d.title}`,
  template: {
    title: '问卷提醒',
    fields: [
      ['thing', '问卷', 'form'],
      ['time', '截止', 'until'],
    ],
    titles: { form: '问卷' },
    values: (d) => ({ form: d.title, until: d.until }),
  },
  sample: { title: '课程满意度', until: '11-30 18:00' },
});

describe('a kind that is declared', () => {
  const catalogue = createCatalogue({ notices: [survey], subjects: [surveySubject] });

  it('has its words, its subject and a template whose id is always the same', () => {
    const notice = survey.to(7, { title: '课程满意度', until: '11-30 18:00' }, { once: 'survey:1' });
    expect(notice).toMatchObject({ kind: 'survey', to: 7, urgent: false, about: { entity: 'survey' } });
    expect(catalogue.word(notice.kind, notice.data).first).toBe('请填问卷：课程满意度');
    const [first, second] = [templateOf(catalogue.templated[0]!), templateOf(catalogue.templated[0]!)];
    expect(first).toEqual(second);
    expect(first.templateId).toMatch(/^Xsurvey[\w-]{36}$/);
    expect(first.fields.map(({ name }) => name)).toEqual(['thing1', 'time2']);
  });

  it('of another version, is said by its name; a row that holds too little by its title', () => {
    expect(catalogue.word('hologram', { any: 1 }).first).toBe('hologram');
    expect(catalogue.word('survey', {}).first).toBe('问卷');
    expect(survey.view({})).toBeNull();
  });

  it.each([
    ['kind', { notices: [survey, survey] }],
    ['entity', { subjects: [surveySubject, { ...surveySubject, number: 201 }] }],
    ['number', { subjects: [surveySubject, { ...surveySubject, entity: 'poll' }] }],
  ])('stops the start where its %s is taken', (key, declared) => {
    expect(() => createCatalogue(declared)).toThrow(`have the ${key}`);
  });
});

describe('the school’s catalogue', () => {
  it('holds every notices.ts there is', () => {
    const imports = new Map([...readImports('src')]);
    const declared = [...imports.keys()].filter((file) => /^src\/[^/]+\/notices\.ts$/.test(file));
    expect(imports.get('src/notice-catalogue.ts')?.files).toEqual(expect.arrayContaining(declared));
    expect(declared.length).toBeGreaterThan(5);
  });

  it.each(noticeCatalogue.notices)(
    '$kind says its sample in a line, and fills every field of its template',
    (notice) => {
      expect(notice.word(notice.sample).first).not.toBe(notice.title);
      const offered = notice.view(notice.sample)?.values ?? {};
      for (const [, , value] of notice.template?.fields ?? []) expect(offered).toHaveProperty(value);
    },
  );

  it('borrows only from kinds that have a template, and gives each of its fields something', () => {
    for (const notice of noticeCatalogue.notices) {
      const view = notice.view(notice.sample);
      if (!view) continue;
      const lender = noticeCatalogue.findTemplated(view.kind);
      for (const [, , value] of lender?.template.fields ?? [['', '', 'a template']])
        expect(view.values, notice.kind).toHaveProperty(value);
    }
  });

  it('keeps the numbers of tokens sent already, and the ids of templates that databases hold', () => {
    const numbers = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [n + 1, noticeCatalogue.subjectNumbered(n + 1)?.entity]),
    );
    expect(numbers).toEqual({
      1: 'customer',
      2: 'pool',
      3: 'myCustomers',
      4: 'booking',
      5: 'lesson',
      6: 'import',
      7: 'studyRecord',
      8: 'rescue',
      9: 'enrolment',
      10: 'question',
    });
    const ids = Object.fromEntries(
      noticeCatalogue.templated.map(templateOf).map(({ kind, templateId }) => [kind, templateId]),
    );
    expect(ids).toMatchObject({
      assigned: 'Xa1assignedQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bGx9o',
      aboutToDrop: 'Xa2dropSoonHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4d',
      dropped: 'Xa3droppedLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cA',
      claimed: 'Xa4claimedRvT0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2B',
      duplicate: 'Xa5askedAgainYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oC',
      bookingMade: 'Xb1bookedJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uDe',
      bookingCancelled: 'Xb2bookingGoneWn4dHf6uJe3bGx9oQm7Yk2RvT0cLE',
      bookingSoon: 'Xb3bookingSoonGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uF',
      lessonToday: 'Xc1lessonTodayQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bG',
      homeworkGraded: 'Xc2homeworkZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cLp',
      enrolmentSubmitted: 'Xd1enrolInHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dH',
      enrolmentApproved: 'Xd2enrolOkVt0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RI',
      enrolmentRejected: 'Xd3enrolBackUJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf',
      questionAnswered: 'Xe1answeredYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oQm7',
    });
  });
});
