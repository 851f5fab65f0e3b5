// Builds dist/ when something it is made from has changed: generates the Prisma client, compiles into a folder of its
// own and renames it into place, so that a service running from dist/ and a second start at the same time are safe.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(root, ...parts);
const generateOnly = process.argv.includes('--client');
const force = process.argv.includes('--force');

/** A digest of the names, sizes and contents of everything below these paths, generated code left out. */
function digest(...paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(path) || path === at('src', 'generated')) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

const stampOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

function generateClient() {
  const stampFile = at('src', 'generated', '.stamp');
  const stamp = digest(at('prisma', 'schema.prisma'), at('prisma.config.ts'), at('package-lock.json'));
  if (!force && stampOf(stampFile) === stamp) return;
  run(at('node_modules', 'prisma', 'build', 'index.js'), 'generate');
  writeFileSync(stampFile, stamp);
}

function compile() {
  const stampFile = at('dist', '.stamp');
  const stamp = digest(
    at('src'),
    at('bot'),
    at('prisma'),
    at('tsconfig.json'),
    at('tsconfig.build.json'),
    at('package-lock.json'),
  );
  if (!force && stampOf(stampFile) === stamp) return;
  const fresh = at(`.build-${process.pid}`);
  const old = at(`.build-old-${process.pid}`);
  try {
    run(at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh);
    writeFileSync(join(fresh, '.stamp'), stamp);
    if (existsSync(at('dist'))) renameSync(at('dist'), old);
    renameSync(fresh, at('dist'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** One build at a time: the folder is the lock, the pid inside tells a crashed holder from a busy one. */
async function alone(work) {
  const lock = at('.build-lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const pid = Number(stampOf(join(lock, 'pid')));
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
      if ((pid && !isAlive(pid)) || (!pid && age > 10_000)) rmSync(lock, { recursive: true, force: true });
      else await sleep(100);
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

await alone(() => {
  generateClient();
  if (!generateOnly) compile();
});
