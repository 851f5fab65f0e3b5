// npm run bench [-- NAME …]: measures on the embedded database and, with BENCH_DATABASE_URL or TEST_DATABASE_URL, on
// PostgreSQL. One file for each benchmark; a new one joins the list below. Figures are of this machine at this moment:
// what counts is the rate beside what it is compared to, measured in the same run.
import { type Benchmark, sayFigures } from './benchmark.ts';
import { callback } from './callback.ts';
import { claim } from './claim.ts';
import { entry } from './entry.ts';
import { importing } from './import-customers.ts';
import { million } from './million.ts';
import { attendance } from './open-attendance.ts';
import { outbox } from './outbox.ts';
import { inSchool } from './schools.ts';

const BENCHMARKS: readonly Benchmark[] = [callback, claim, entry, outbox, attendance, importing, million];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark is called ${unknown.join(', ')}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}
const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
const serverUrl = process.env.BENCH_DATABASE_URL || process.env.TEST_DATABASE_URL;

for (const url of serverUrl ? [undefined, serverUrl] : [undefined])
  await inSchool(url, async (school) => {
    for (const benchmark of chosen) {
      const figures = await benchmark.run(school);
      if (figures.length === 0) continue;
      process.stdout.write(`\n${benchmark.name} on ${school.engine}: ${benchmark.title}\n${sayFigures(figures)}\n`);
    }
  });
process.exit(0);
