import type { Imports } from './read-imports.ts';

/** What everything stands on: each room and the rooms it may know. Dependencies point this way only. */
const FOUNDATION: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  database: ['kernel'],
  // The rota itself knows nothing but turns; where it is kept is shared state, whose turns they are is the assignment's.
  rota: ['kernel'],
  'shared-state': ['kernel', 'rota'],
  spreadsheet: ['kernel'],
  jobs: ['kernel'],
  notices: ['kernel'],
  access: ['kernel'],
  wechat: ['kernel', 'shared-state'],
  chat: ['kernel', 'access', 'jobs'],
  web: ['kernel', 'access', 'jobs', 'spreadsheet'],
};

/** The features and which others each may ask, by their index.ts; all of them stand on the foundation. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  notify: ['settings'],
  people: ['notify'],
  links: [],
  customers: ['settings'],
  'before-it-drops': ['customers', 'settings'],
  assignment: ['customers', 'settings'],
  'customer-import': ['customers', 'assignment', 'settings'],
  'hand-over': ['customers', 'assignment', 'people'],
  'rule-preview': ['customers', 'settings'],
  rooms: [],
  teaching: ['customers', 'people', 'settings', 'notify'],
  enrolment: ['customers', 'people', 'teaching'],
  upgrade: [],
  audit: [],
};

/** Around them: each may know everything within, and what stands here. */
const AROUND: Readonly<Record<string, readonly string[]>> = {
  doors: ['sandbox'],
  sandbox: [],
  control: [],
  commands: ['control'],
  bench: ['sandbox', 'doors', 'control'],
};

/** The one file or folder that knows a package; who else wants it asks there. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  koa: ['src/web', 'src/sandbox', 'src/control', 'src/wechat/koa.ts', 'src/bench'],
  '@koa/router': ['src/web', 'src/sandbox/routes.ts'],
  ioredis: ['src/shared-state/redis.ts'],
  'node-schedule': ['src/jobs/scheduler.ts'],
  exceljs: ['src/spreadsheet'],
  nodemailer: ['src/notify/channels/email.ts'],
  '@node-rs/argon2': ['src/people/passwords.ts'],
  wechaty: ['bot/wechaty.ts'],
};

/** Files of src itself that the rooms may know; the others (wire, service, main …) know the rooms. */
const SHARED_FILES = ['feature.ts', 'config.ts'];

/**
 * Everything about the imports of these files that the house does not allow, one sentence each: a room that asks one it
 * may not know, a feature entered elsewhere than by its index.ts, a package used outside its owner, rooms in a circle.
 */
export function findViolations(files: ReadonlyMap<string, Imports>): string[] {
  const found: string[] = [];
  const known = new Map<string, Set<string>>();
  for (const [file, { files: targets, packages }] of files) {
    const from = roomOf(file);
    if (from && !isDeclared(from)) found.push(`${file}: nobody has said what ${from} may know`);
    for (const name of packages) {
      const owners = OWNERS[name];
      if (owners && !owners.some((owner) => file === owner || file.startsWith(`${owner}/`)))
        found.push(`${file}: ${name} belongs to ${owners.join(', ')}`);
    }
    if (!from) continue;
    for (const target of targets) {
      const to = roomOf(target);
      if (to === from || target.includes('/generated/')) continue;
      if (!to) {
        if (!SHARED_FILES.includes(target.replace('src/', '')) && !(from in AROUND))
          found.push(`${file}: ${target} knows the rooms, not the other way round`);
        continue;
      }
      if (!mayKnow(from, to)) found.push(`${file}: ${from} may not know ${to}`);
      else if (to in FEATURES && from !== 'bench' && !target.endsWith('/index.ts'))
        found.push(`${file}: ${to} is entered by its index.ts, not by ${target}`);
      known.set(from, (known.get(from) ?? new Set()).add(to));
    }
  }
  return [...found, ...findCircles(known)];
}

function roomOf(file: string): string | null {
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? null;
}

function isDeclared(room: string): boolean {
  return room in FOUNDATION || room in FEATURES || room in AROUND;
}

function mayKnow(from: string, to: string): boolean {
  if (from in FOUNDATION) return FOUNDATION[from]?.includes(to) ?? false;
  if (to in FOUNDATION) return true;
  if (from in FEATURES) return FEATURES[from]?.includes(to) ?? false;
  return to in FEATURES || (AROUND[from]?.includes(to) ?? false);
}

function findCircles(known: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(known.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  const inCircle = [...known.keys()].filter((room) => reaches(room, room));
  return inCircle.length > 0 ? [`rooms that know each other in a circle: ${inCircle.sort().join(', ')}`] : [];
}
