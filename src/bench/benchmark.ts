import type { BenchSchool } from './schools.ts';

/** One line of a benchmark's table. `comparedTo` is the figure it is held against: the same work without us. */
export type Figure = Measured & { what: string; comparedTo?: Figure };

export type Benchmark = {
  /** What `npm run bench -- NAME` calls it. */
  name: string;
  /** What is measured against what. */
  title: string;
  run(school: BenchSchool): Promise<readonly Figure[]>;
};

/**
 * So much was done in so many seconds; times of one are in ms. `cpuMs` is this process's computing time for one (not the
 * database server's): what stays the same on a busy machine.
 */
export type Measured = { count: number; seconds: number; p50Ms: number; p99Ms: number; cpuMs: number };

/**
 * Does `work` with 0, 1, 2 … in several lanes at the same time, until so many are done or the time is up. The first
 * tenth warms up and is not counted.
 */
export async function measure(
  work: (n: number) => Promise<unknown>,
  { lanes, most, seconds = 6 }: { lanes: number; most: number; seconds?: number },
): Promise<Measured> {
  const warmUp = Math.floor(most / 10);
  let next = 0;
  let until = Number.POSITIVE_INFINITY;
  let times: number[] = [];
  const lane = async (last: number) => {
    while (next < last && performance.now() < until) {
      const began = performance.now();
      await work(next++);
      times.push(performance.now() - began);
    }
  };
  const run = (last: number) => Promise.all(Array.from({ length: lanes }, () => lane(last)));
  await run(warmUp);
  times = [];
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  until = began + seconds * 1000;
  await run(most);
  return summarize(times, (performance.now() - began) / 1000, process.cpuUsage(cpu));
}

/** A run's figures out of the time each took and the computing time of all (µs). */
export function summarize(times: readonly number[], seconds: number, cpu: NodeJS.CpuUsage): Measured {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    count: sorted.length,
    seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMs: (cpu.user + cpu.system) / 1000 / sorted.length,
  };
}

/** A benchmark's table: what, how many a second, how long one takes, and how that compares. */
export function sayFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, count, p50Ms, p99Ms, cpuMs, comparedTo } = figure;
    const ratio = comparedTo ? `${(rate(figure) / rate(comparedTo)).toFixed(2)} of ${comparedTo.what}` : '';
    return [what, rate(figure).toFixed(0), String(count), p50Ms.toFixed(1), p99Ms.toFixed(1), cpuMs.toFixed(2), ratio];
  });
  const table = [['', 'per s', 'count', 'p50 ms', 'p99 ms', 'cpu ms', 'rate'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    column === 0 || column === 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return table.map((row) => `  ${row.map(pad).join('  ').trimEnd()}`).join('\n');
}

function rate({ count, seconds }: Measured): number {
  return count / seconds;
}
