import pg from 'pg';
import { createDispatch } from '../chat/dispatch.ts';
import { createReceipts } from '../chat/receipts.ts';
import { createRegistry } from '../chat/registry.ts';
import { customerCommands } from '../customers/index.ts';
import { createTransactions } from '../database/in-transaction.ts';
import { openDatabase } from '../database/open.ts';
import { createFixedClock, wallNow } from '../kernel/clock.ts';
import { createSchoolTime } from '../kernel/school-time.ts';
import { createSeal } from '../kernel/seal.ts';
import { writeNotices } from '../notify/index.ts';
import { identify } from '../people/index.ts';
import { type Benchmark, type Figure, measure } from './benchmark.ts';
import { measureLists } from './million-lists.ts';
import { buildMillionSchool, type MillionSchool } from './million-school.ts';
import { measureSweep } from './million-sweep.ts';
import { benchLog } from './schools.ts';

/** Lists, chat and the sweep with a million customers; only a server holds so many, in a database of its own. */
export const million: Benchmark = {
  name: 'million',
  title: 'with a million customers (PostgreSQL only): lists, chat, the sweep and claims beside it',
  run: async ({ env }) => (env.DATABASE_URL ? inDatabase(env.DATABASE_URL, measureAll) : []),
};

async function measureAll(databaseUrl: string): Promise<Figure[]> {
  const time = createSchoolTime('Asia/Shanghai');
  const now = new Date(wallNow());
  const today = time.dayOf(now);
  const database = await openDatabase({ databaseUrl, log: benchLog });
  try {
    await database.migrate();
    const school = await buildMillionSchool(database, { now, today });
    const clock = createFixedClock(now);
    const { inTransaction } = createTransactions({ database, clock, time, log: benchLog, tell: writeNotices });
    const lists = await measureLists(database, school, { now, today, time });
    const chat = await measureChat(
      createDispatch({
        inTransaction,
        registry: createRegistry(customerCommands),
        identify,
        receipts: createReceipts(createSeal('a secret of the benchmarks')),
        log: benchLog,
      }),
      school,
    );
    const { raw, swept, alone, besideRaw, besideSweep } = await measureSweep(
      { database, inTransaction },
      { consultants: school.consultants, today, now },
    );
    const comparedTo = { what: 'the raw statement', ...raw };
    return [
      ...lists,
      ...chat,
      comparedTo,
      { what: 'customers swept in batches of 1,000', ...swept, comparedTo },
      { what: 'claims with nothing beside them', ...alone },
      { what: `claims beside the raw statement, slowest ${slowest(besideRaw)}`, ...besideRaw },
      { what: `claims beside the sweep, slowest ${slowest(besideSweep)}`, ...besideSweep },
    ];
  } finally {
    await database.close();
  }
}

function slowest({ slowestMs }: { slowestMs: number }): string {
  return `${slowestMs.toFixed(0)} ms`;
}

/** What consultants say most, each as a message of its own with receipt, sender, command and answer. */
async function measureChat(
  dispatch: ReturnType<typeof createDispatch>,
  { consultants }: MillionSchool,
): Promise<Figure[]> {
  let key = 0;
  const say = (n: number, text: string) =>
    dispatch({
      key: `million-${key++}`,
      channel: 'chat',
      sender: `openid-${1 + (n % consultants.length)}`,
      text,
    });
  const figures: Figure[] = [];
  for (const text of ['公海', '公海 百度推广', '我的客户'])
    figures.push({ what: text, ...(await measure((n) => say(n, text), { lanes: 1, most: 100, seconds: 10 })) });
  const asked = 50;
  for (let n = 0; n < asked; n += 1) await say(n, '公海 百度推广');
  // Each takes another line of the list they all saw.
  figures.push({
    what: '抢',
    ...(await measure((n) => say(n, `抢 ${1 + (n % 6)}`), { lanes: 1, most: asked, seconds: 10 })),
  });
  return figures;
}

async function inDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const url = new URL(serverUrl);
  const name = `${url.pathname.slice(1)}_million`;
  url.pathname = `/${name}`;
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await ask(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8'`);
  try {
    return await work(url.href);
  } finally {
    await ask(`DROP DATABASE "${name}" WITH (FORCE)`);
  }
}
