import { lockFolder } from '../../src/database/folder-lock.ts';

// A child process of folder-lock.test.ts: holds the folder it is given and says so, until it is killed or loses it.

const [folder = ''] = process.argv.slice(2);
try {
  await lockFolder(folder, {
    onLost: (why) => {
      process.stdout.write(`${why.name}\n`);
      process.exit(7);
    },
  });
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : error}\n`);
}
