import type { Logger } from 'pino';
import type { EnterMany } from '../assignment/index.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { InTransaction } from '../kernel/scope.ts';
import { openWorkbook, type Workbook } from '../spreadsheet/read-workbook.ts';
import { giveUpReading } from './give-up-reading.ts';
import { claimRun, type Lease, letGo } from './leases.ts';
import { PROBLEMS, refuse } from './phrases.ts';
import { FIRST_PLAN, type Plan, type ReadingChoice } from './plan.ts';
import { readUpload } from './read-upload.ts';
import { runImport } from './run-import.ts';

/** Files that are read at the same time, each with its bytes in memory. */
const MOST_READING = 4;

export type ImportParts = { prisma: PrismaClient; inTransaction: InTransaction; enterMany: EnterMany; log: Logger };

type How = { choice: ReadingChoice; plan: Plan };

/** The imports this process works on, in the background of what it answers. */
export type Imports = {
  /** @throws Refusal `too_busy` where no more files can be read at once */
  makeRoom(): void;
  /** Reads a file that was just uploaded; its lease is in the row already. */
  read(lease: Lease, actor: Actor, workbook: Workbook): void;
  /** Reads a file that is kept once more, as it was chosen, and goes on with the run where that was asked for. */
  readAgain(lease: Lease, actor: Actor, how: How): void;
  /** Goes on with a run that nobody works on; no effect where somebody does. */
  goOn(importId: number): void;
  /** Lets what is under way end its batch; what is left goes on with the next start. */
  stop(): Promise<void>;
};

/** @param prisma the outer client, used where no transaction is open */
export function createImports({ prisma, inTransaction, enterMany, log }: ImportParts): Imports {
  const underWay = new Map<string, Promise<void>>();
  let stopping = false;
  const parts = { prisma, inTransaction, enterMany, isStopping: () => stopping };

  function begin(key: string, work: () => Promise<void>): void {
    if (stopping || underWay.has(key)) return;
    const running = work()
      .catch((error) => log.error({ err: error, import: key }, 'an import stopped half-way'))
      .finally(() => underWay.delete(key));
    underWay.set(key, running);
  }

  async function read(lease: Lease, actor: Actor, open: () => Promise<Workbook>, how: How): Promise<void> {
    const { importId } = lease;
    try {
      const next = await readUpload(parts, lease, actor, await open(), how);
      if (!next && stopping) await giveUpReading(prisma, [importId], PROBLEMS.stopped);
      if (next === 'running') begin(`run ${importId}`, () => run(importId));
    } catch (error) {
      await giveUpReading(prisma, [importId], error instanceof Refusal ? error.message : PROBLEMS.failed);
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async function openKept(importId: number): Promise<Workbook> {
    const { bytes } = await prisma.importFile.findUniqueOrThrow({ where: { importId } });
    return openWorkbook(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  async function run(importId: number): Promise<void> {
    const lease = await claimRun(prisma, importId);
    if (!lease) return;
    const left = await runImport(parts, lease, await readImporter(importId));
    if (left) await letGo(prisma, left);
  }

  /** Whoever imports is who enters the customers, also when a job goes on with it. */
  async function readImporter(id: number): Promise<Actor> {
    const { person } = await prisma.customerImport.findUniqueOrThrow({
      where: { id },
      select: { person: { select: { id: true, name: true } } },
    });
    return { ...person, roles: [], grants: [], departmentId: null, campusId: null };
  }

  return {
    makeRoom: () => {
      const reading = [...underWay.keys()].filter((key) => key.startsWith('read')).length;
      if (reading >= MOST_READING) throw refuse.too_busy();
    },
    read: (lease, actor, workbook) =>
      begin(`read ${lease.importId}`, () => read(lease, actor, async () => workbook, { choice: {}, plan: FIRST_PLAN })),
    readAgain: (lease, actor, how) =>
      begin(`read ${lease.importId}`, () => read(lease, actor, () => openKept(lease.importId), how)),
    goOn: (importId) => begin(`run ${importId}`, () => run(importId)),
    stop: async () => {
      stopping = true;
      await Promise.all(underWay.values());
    },
  };
}
