import type { Prisma } from '../generated/prisma/client.ts';
import type { SandboxParts } from './parts.ts';

/** One exchange between the platform and the school, as the platform saw it. */
export type Exchange = {
  /** `call`: the school asked the platform. `push`: the platform told the school. */
  direction: 'call' | 'push';
  /** A call's path, or what the push is: text, event subscribe. */
  name: string;
  openid?: string;
  request: Prisma.InputJsonObject;
  response?: Prisma.InputJsonObject;
  /** ok, an errcode, or what went wrong on the way. */
  status: string;
};

const KEPT = 400;
const SWEEP_EVERY = 50;
/** So many exchanges at once may be noted in another order than they were numbered. */
const OVERLAP = 50;

/** What 「平台看到的」 shows: the last few hundred exchanges. Sealed pushes are kept sealed and open beside it. */
export function createTraffic({ prisma, clock, time, log }: SandboxParts) {
  return { note, list, find };

  async function note(exchange: Exchange): Promise<void> {
    try {
      const { id } = await prisma.sandboxTraffic.create({ data: { ...exchange, at: clock.now() } });
      if (id % SWEEP_EVERY === 0) await prisma.sandboxTraffic.deleteMany({ where: { id: { lt: id - KEPT } } });
    } catch (err) {
      log.warn({ err }, 'an exchange with the sandbox platform could not be noted');
    }
  }

  /** The newest after `after`, oldest first, without their contents; some before it come again. */
  async function list(after: number, limit = 60 + OVERLAP) {
    const rows = await prisma.sandboxTraffic.findMany({
      where: { id: { gt: after - OVERLAP } },
      select: { id: true, direction: true, name: true, openid: true, status: true, at: true },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.reverse().map(({ at, ...row }) => ({ ...row, at: time.iso(at) }));
  }

  /** One exchange with both sides' contents, or null. */
  async function find(id: number) {
    const row = await prisma.sandboxTraffic.findUnique({ where: { id } });
    return row && { ...row, at: time.iso(row.at) };
  }
}

/** Secrets as the page may show them: the beginning only. */
export function maskSecrets(fields: Readonly<Record<string, string>>): Record<string, string> {
  const isSecret = /token|secret|^code$/;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecret.test(name) ? `${value.slice(0, 6)}…` : value]),
  );
}
