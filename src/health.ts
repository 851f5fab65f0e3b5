import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database/open.ts';
import { storageTroubleOf } from './kernel/storage-trouble.ts';

const ANSWER_WITHIN_MS = 1_500;
/** Probes come from every load balancer; the database is asked once in a while. */
const KEPT_MS = 1_000;

/**
 * What the service stands on: looks whether the database answers, and after a write failed for want of room whether there is some again. `note` is
 * told of errors requests met.
 */
export function createHealth(parts: {
  database: Pick<Database, 'pool' | 'embedded'>;
  /** Whether the process stands in for Redis. */
  isDegraded: () => boolean;
  wallNow: () => number;
}) {
  const { database, isDegraded, wallNow } = parts;
  let isFull = false;
  let kept: { at: number; missing: Promise<string[]> } | null = null;

  async function look(): Promise<string[]> {
    // The embedded database answers one after the other and may be in the middle of a dump: late is not away.
    const late = sleep(ANSWER_WITHIN_MS, database.embedded ? [] : ['database'], { ref: false });
    return Promise.race([ask(), late]);
  }

  async function ask(): Promise<string[]> {
    try {
      if (!isFull) await database.pool.query('SELECT 1');
      // New pages have to be found for it, which is what a full disk refuses; nothing of it stays.
      else
        await database.pool.query(
          'CREATE TEMP TABLE room_on_disk ON COMMIT DROP AS SELECT repeat(md5(n::text), 40) FROM generate_series(1, 64) n',
        );
      isFull = false;
      return [];
    } catch (error) {
      return [storageTroubleOf(error) === 'full' ? 'disk space' : 'database'];
    }
  }

  return {
    note: (error: unknown): void => {
      if (storageTroubleOf(error) !== 'full') return;
      isFull = true;
      kept = null;
    },
    /** What is missing for serving, in words for /readyz. */
    missing: (): Promise<string[]> => {
      const now = wallNow();
      if (!kept || now - kept.at > KEPT_MS) kept = { at: now, missing: look() };
      return kept.missing;
    },
    /** What the service goes on without. */
    without: (): string[] => (isDegraded() ? ['redis'] : []),
  };
}
