import type { Scope } from '../kernel/scope.ts';

/** One due run: the rule's time it stands for, and how many rows a batch may take. */
export type JobRun = { dueAt: Date; limit: number };

/**
 * A job by the clock. `run` does one batch in its own transaction and returns how many rows it took; it is repeated
 * until it returns 0, so it must repeat its condition in the statement.
 */
export type Job = {
  id: string;
  /** What it does, in the school's words, for the page and the log. */
  title: string;
  /** A cron rule in school time, or a setting's key that holds one. */
  at: string | { setting: string };
  /** After a gap: run the last due time once, or skip what was missed. */
  missed: 'last' | 'skip';
  batch: number;
  run(scope: Scope, run: JobRun): Promise<number>;
};

/** Declares a job. */
export function defineJob(job: Job): Job {
  return job;
}
