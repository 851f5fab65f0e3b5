import { definePage, type Page } from '../../web/define-page.ts';
import { SHORT_ATTENDANCES, TAP_ORDER } from '../choices.ts';
import { nameLesson } from '../cohort-name.ts';
import { voidLesson } from '../edit-lessons.ts';
import { markAttendance } from '../mark-attendance.ts';
import { openAttendance } from '../open-attendance.ts';
import { readRollCall } from '../read-roll-call.ts';
import { MarkAttendance, VoidLesson } from '../schema.ts';
import { titleOf } from './titles.ts';

/** The roll call: the page behind the morning's link, and the calls it and programs make. */
export const attendancePages: readonly Page[] = [
  definePage({
    method: 'GET',
    path: '/lessons/:id/attendance',
    permission: 'lessons.attendance',
    handler: async (c) => {
      const model = await c.inTransaction((scope) => readRollCall(scope, { lessonId: c.id() }));
      if (c.wantsJson) return c.json(model);
      const words = TAP_ORDER.map((id) => ({ id, word: SHORT_ATTENDANCES[id] }));
      c.render(
        'teaching/roll-call',
        { ...model, words, ...titleOf(model.lesson, c.today), personId: c.actor.id },
        {
          title: '点名',
          crumbs: [
            { title: '上课记录', path: '/lessons' },
            { title: '这节课', path: `/lessons/${c.id()}` },
            { title: '点名' },
          ],
          scripts: ['roll-call.js'],
          styles: ['teaching.css'],
        },
      );
    },
  }),
  definePage({
    method: 'POST',
    path: '/lessons/:id/attendance',
    permission: 'lessons.attendance',
    handler: async (c) => {
      const { marks } = c.input(MarkAttendance);
      const answer = await c.inTransaction(async (scope) => {
        const { changed } = await markAttendance(scope, { lessonId: c.id(), marks });
        return { ...(await readRollCall(scope, { lessonId: c.id() })), changed };
      });
      c.json(answer);
    },
  }),
  definePage({
    method: 'POST',
    path: '/lessons/:id/attendance/open',
    permission: 'lessons.attendance',
    handler: async (c) => {
      const { created } = await c.inTransaction((scope) => openAttendance(scope, { lessonIds: [c.id()] }));
      if (c.wantsJson) return c.json({ created });
      c.redirect(`/lessons/${c.id()}`, created > 0 ? `考勤开好了，新建 ${created} 条` : '考勤本来就开好了');
    },
  }),
  definePage({
    method: 'POST',
    path: '/lessons/:id/void',
    permission: 'lessons.void',
    handler: async (c) => {
      const { reason } = c.input(VoidLesson);
      const lesson = await c.inTransaction((scope) => voidLesson(scope, { lessonId: c.id(), reason }));
      if (c.wantsJson) return c.json({ row: { ...lesson, voided: true, voidReason: reason } });
      c.redirect(`/lessons/${c.id()}`, `${lesson.cohort} ${nameLesson(lesson)}作废了，记录都还在`);
    },
  }),
];
