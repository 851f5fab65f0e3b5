import pino from 'pino';
import { openDatabase } from '../../src/database/open.ts';

// A child process of embedded.test.ts: writes one row after the other into the folder it is given and says each number
// once the database has acknowledged it, until it is killed.

const [dataDir = '', loadFrom = ''] = process.argv.slice(2);
const { pool } = await openDatabase({ dataDir, loadFrom, log: pino({ level: 'silent' }) });
await pool.query('CREATE TABLE acknowledged (n int PRIMARY KEY)');
for (let n = 1; ; n += 1) {
  await pool.query('INSERT INTO acknowledged VALUES ($1)', [n]);
  process.stdout.write(`${n}\n`);
}
