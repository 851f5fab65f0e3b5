import type { Registry } from 'prom-client';
import type { AnyCommand } from './chat/define-command.ts';
import type { TodaySource } from './chat/today.ts';
import type { Job } from './jobs/define-job.ts';
import type { Page } from './web/define-page.ts';
import type { Table } from './web/define-table.ts';
import type { ReadFigures } from './web/home.ts';

/**
 * One room of the house: everything it declares, and what must end before the database closes. wire.ts lists the
 * features; nothing else learns of a new one.
 */
export type Feature = {
  /** The folder's name: `customers`. */
  id: string;
  commands?: readonly AnyCommand[];
  tables?: readonly Table[];
  pages?: readonly Page[];
  jobs?: readonly Job[];
  /** What concerns somebody today, for 今天 and the answer to a greeting. */
  today?: TodaySource;
  /** Its numbers on everybody's first page. */
  figures?: ReadFigures;
  /** Adds what it measures to /metrics. */
  measure?(metrics: Registry): void;
  /** Lets what is under way in the background end, and begins nothing more. */
  stop?(): Promise<void>;
};
