import { defineJob, type Job } from '../jobs/define-job.ts';
import { systemActor } from '../kernel/actor.ts';
import { dayToDb, sayDay } from '../kernel/school-time.ts';
import { stopCheckIn } from './check-in.ts';
import { nameCohort, nameLesson } from './cohort-name.ts';
import { announce, giversOf, readAnnounced } from './lessons-ahead.ts';
import { lessonSubject, rollCallMissing } from './notices.ts';
import { staying } from './stays.ts';

/** In the morning: who gives a lesson today, as things stand now, and the tutors get the link to the roll call. */
export const announceLessons: Job = defineJob({
  id: 'teaching.lesson-today',
  title: '今天有课的提醒',
  at: '0 8 * * *',
  missed: 'last',
  batch: 1000,
  run: async ({ tx, tell, today, time }, { dueAt }) => {
    // A run that was missed until another day would announce lessons that are over.
    if (time.dayOf(dueAt) !== today) return 0;
    const lessons = await readAnnounced(tx, { date: dayToDb(today) });
    const notices = lessons.flatMap((lesson) => {
      const { tutorId } = lesson.cohort;
      const people = new Set([...giversOf(lesson), ...(tutorId === null ? [] : [tutorId])]);
      return [...people].map((to) => announce(lesson, to, today));
    });
    await tell(...notices);
    return 0;
  },
});

/**
 * In the evening: a lesson of the day whose roll nobody called is called to mind of who gave it, else of the tutor. Where
 * nobody belongs to the cohort there is no roll to call.
 */
export const remindOfRollCalls: Job = defineJob({
  id: 'teaching.roll-call-missing',
  title: '还没点名的提醒',
  at: '30 20 * * *',
  missed: 'last',
  batch: 1000,
  run: async ({ tx, tell, today, time }, { dueAt }) => {
    const day = time.dayOf(dueAt);
    const lessons = await readAnnounced(tx, {
      date: dayToDb(day),
      calledAt: null,
      cohort: { students: { some: { student: { person: { active: true } }, ...staying(day) } } },
    });
    const notices = lessons.flatMap((lesson) => {
      const givers = giversOf(lesson);
      const { tutorId } = lesson.cohort;
      const asked = givers.length > 0 ? givers : tutorId === null ? [] : [tutorId];
      const data = { cohort: nameCohort(lesson.cohort), lesson: nameLesson(lesson), day: sayDay(day, today) };
      const about = lessonSubject.of(lesson.id);
      return asked.map((to) => rollCallMissing.to(to, data, { once: `rollCallMissing:${lesson.id}:${to}`, about }));
    });
    await tell(...notices);
    return 0;
  },
});

/** In the evening: codes that were left on a screen are taken off, and the tutor is asked where scans and marks differ. */
export const closeCheckIns: Job = defineJob({
  id: 'teaching.close-check-ins',
  title: '收起没关的签到码',
  at: '30 22 * * *',
  missed: 'last',
  batch: 50,
  run: async (scope, { limit }) => {
    const shown = await scope.tx.lesson.findMany({
      where: { checkInSecret: { not: null } },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: limit,
    });
    for (const { id } of shown) await stopCheckIn({ ...scope, actor: systemActor }, { lessonId: id });
    return shown.length;
  },
});

/** What teaching does by the clock. */
export const teachingJobs: readonly Job[] = [announceLessons, remindOfRollCalls, closeCheckIns];
