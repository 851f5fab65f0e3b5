import { defineJob, type Job } from '../jobs/define-job.ts';
import { systemActor } from '../kernel/actor.ts';
import { dayToDb } from '../kernel/school-time.ts';
import { stopCheckIn } from './check-in.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';

/** In the morning: whoever teaches today and their tutors get the link to the roll call. */
export const announceLessons: Job = defineJob({
  id: 'teaching.lesson-today',
  title: '今天有课的提醒',
  at: '0 8 * * *',
  missed: 'last',
  batch: 1000,
  run: async ({ tx, tell, today, time }, { dueAt }) => {
    // A run that was missed until another day would announce lessons that are over.
    if (time.dayOf(dueAt) !== today) return 0;
    const lessons = await tx.lesson.findMany({
      where: { date: dayToDb(today) },
      include: {
        cohort: { select: { ...cohortNamed.select, tutorId: true, lecturers: { select: { personId: true } } } },
      },
      orderBy: { id: 'asc' },
    });
    const notices = lessons.flatMap((lesson) => {
      const { id, number, title, lecturerId, cohort } = lesson;
      const lecturers = lecturerId === null ? cohort.lecturers.map(({ personId }) => personId) : [lecturerId];
      const people = new Set([...lecturers, ...(cohort.tutorId === null ? [] : [cohort.tutorId])]);
      return [...people].map((to) => ({
        kind: 'lessonToday' as const,
        to,
        once: `lessonToday:${id}:${today}:${to}`,
        about: { entity: 'lesson' as const, id },
        data: {
          cohort: nameCohort(cohort),
          lesson: title ? `${nameLesson({ number })} ${title}` : nameLesson({ number }),
          day: '今天',
        },
      }));
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
export const teachingJobs: readonly Job[] = [announceLessons, closeCheckIns];
