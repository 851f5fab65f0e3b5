import pino from 'pino';
import { createClock } from '../kernel/clock.ts';
import { writeMigration } from './next-migration.ts';
import { findPrismaFolder } from './read-migrations.ts';

// `npm run migration -- NAME`: writes the SQL that the schema's last change needs, for review and for a line saying why.

const name = process.argv.slice(2).join(' ').trim();
if (name === '') {
  process.stderr.write('Say what the migration is for: npm run migration -- add room colours\n');
  process.exit(2);
}
const file = await writeMigration({
  name,
  now: createClock().now(),
  prismaFolder: findPrismaFolder(),
  log: pino({ level: 'warn' }, pino.destination(2)),
});
process.stdout.write(file ? `Wrote ${file}\n` : 'Nothing to do: the migrations already lead to the schema.\n');
