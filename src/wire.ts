import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createAssignment } from './assignment/feature.ts';
import { replayTurns } from './assignment/index.ts';
import { createAudit } from './audit/feature.ts';
import { createBeforeItDrops } from './before-it-drops/feature.ts';
import { clearConversations } from './chat/jobs.ts';
import { createRegistry } from './chat/registry.ts';
import { type Closing, createClosing } from './closing.ts';
import { createControls } from './control/create-controls.ts';
import { createCustomerImport } from './customer-import/feature.ts';
import { createCustomers } from './customers/feature.ts';
import { findPrismaFolder } from './database/read-migrations.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo.ts';
import { openDoors } from './doors/open-doors.ts';
import { createEnrolment } from './enrolment/feature.ts';
import type { Feature } from './feature.ts';
import { createHandOverDesk } from './hand-over/feature.ts';
import { clearSlots } from './jobs/clear-slots.ts';
import { createScheduler } from './jobs/scheduler.ts';
import { createLinkDoor } from './links/feature.ts';
import { createWechatEntry } from './links/index.ts';
import { createNotify } from './notify/feature.ts';
import { type Given, openShared, type Shared } from './open-shared.ts';
import { createPeople } from './people/feature.ts';
import { beginSession, createCheckGuess, createLoadSession, createManagePeople } from './people/index.ts';
import { createRooms } from './rooms/feature.ts';
import { createRulePreview } from './rule-preview/feature.ts';
import { createSettings } from './settings/feature.ts';
import { readCronRule } from './settings/index.ts';
import { createTeaching } from './teaching/feature.ts';
import { sayLessonsAhead } from './teaching/index.ts';
import { createUpgrade } from './upgrade/feature.ts';
import { clearKeyedWrites } from './web/clear-keyed-writes.ts';
import type { PageContext } from './web/define-page.ts';

/** The project's folder, from the sources as well as from what was built of them. */
export const projectFolder = join(findPrismaFolder(), '..');

export type Parts = Awaited<ReturnType<typeof openParts>>;

/**
 * Puts every part together over an opened, migrated database: the one place that knows them all. Nothing listens, ticks
 * or sends yet. Where a later part cannot be opened, what was opened before is closed again.
 */
export async function openParts(given: Given) {
  const closing = createClosing();
  try {
    return { ...compose(await openShared(given, closing), closing), close: closing.close };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/**
 * The school's features, in the order of 帮助, of the first page's figures and of addresses that more than one would
 * answer: what is done every day first, what rules it last. Audit comes after all whose tables it words.
 */
function listFeatures(shared: Shared) {
  const { config, prisma, links, api, inTransaction } = shared;
  const assignment = createAssignment({ rota: shared.shared.rota, prisma });
  const checkGuess = createCheckGuess(shared);
  const people = createManagePeople({ ...shared, checkGuess, whenStaffChange: assignment.markReset });
  const handOver = createHandOverDesk({ turns: assignment.handOut, people, inTransaction });
  const demo = () => (config.demo && !config.production ? { accounts: DEMO_ACCOUNTS, password: DEMO_PASSWORD } : null);

  const features: Feature[] = [
    createCustomers({ prisma, enter: assignment.enter }),
    createBeforeItDrops(),
    createCustomerImport({ ...shared, enterMany: assignment.enterMany }),
    assignment,
    handOver,
    createRooms(),
    createTeaching({ ...shared, people, enterByWechat: createWechatEntry({ links, api }) }),
    createEnrolment({ people }),
    createPeople({ ...shared, people, checkGuess, staff: { ...handOver.staff, beforeAbsence: sayLessonsAhead }, demo }),
    createNotify(shared),
    createLinkDoor({ links, api, beginSession }),
    createRulePreview({ replayTurns }),
    createSettings(),
    createUpgrade({ prisma }),
    { id: 'chat', jobs: [clearConversations] },
    { id: 'jobs', jobs: [clearSlots] },
    { id: 'web', jobs: [clearKeyedWrites] },
  ];
  return { features: [...features, createAudit(all(features, 'tables'))], people, assignment };
}

/** Everything of one kind that the features declare. */
function all<K extends 'commands' | 'tables' | 'pages' | 'jobs'>(features: readonly Feature[], kind: K) {
  return features.flatMap((feature) => [...(feature[kind] ?? [])]) as NonNullable<Feature[K]>[number][];
}

function compose(shared: Shared, closing: Closing) {
  const { owner, config, log, clock, time, database, prisma, inTransaction } = shared;
  const { features, people, assignment } = listFeatures(shared);
  for (const { stop } of features) if (stop) closing.push(stop);

  const registry = createRegistry(
    all(features, 'commands'),
    features.flatMap(({ today }) => today ?? []),
  );
  const doors = openDoors(shared, registry);
  const metrics = new Registry();
  for (const { measure } of features) measure?.(metrics);
  const scheduler = createScheduler({
    jobs: all(features, 'jobs'),
    prisma,
    inTransaction,
    clock,
    time,
    owner,
    log,
    ruleOf: (setting) => readCronRule(prisma, setting),
  });
  closing.push(scheduler.stop);
  closing.push(doors.menu.settled);
  closing.push(shared.drain);

  return {
    ...shared,
    ...doors,
    people,
    assignment,
    registry,
    scheduler,
    tables: all(features, 'tables'),
    pages: all(features, 'pages'),
    figures: async (c: PageContext) => (await Promise.all(features.map(({ figures }) => figures?.(c) ?? []))).flat(),
    controls: createControls({
      scheduler,
      inTransaction,
      people,
      database,
      dataDir: config.dataDir,
      clock,
      time,
      menu: doors.menu,
    }),
    loadSession: createLoadSession(prisma),
    metrics,
  };
}
