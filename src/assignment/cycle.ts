import type { PrismaClient } from '../generated/prisma/client.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { buildRota } from '../rota/build-rota.ts';
import type { RotaPicture, RotaStore } from '../rota/rota-store.ts';
import { type Availability, readAvailability, whyNotNow } from './availability.ts';
import { readHistory } from './history.ts';
import { sayReason } from './reasons.ts';

/** One place of a cycle as people look at it. `passedOver` says why it would not be taken now. */
export type PicturedTurn = {
  place: number;
  consultant: { id: number; name: string };
  state: 'next' | 'waiting' | 'used';
  passedOver: string | null;
};

/** A cycle in its order; `left` counts the turns that wait. */
export type PicturedCycle = { cycle: number; turns: PicturedTurn[]; left: number };

/** The present cycle and the next as it would be laid out now; `changed` where ranks changed since. */
export type Picture = {
  present: PicturedCycle;
  /** Turns of earlier cycles that came back and go first. */
  returned: PicturedTurn[];
  next: PicturedCycle;
  changed: boolean;
};

/** Draws the rota for 销售权重: who has had a turn, who is next, who is passed over and why, and what follows. */
export function createDrawRota({ rota, prisma }: { rota: RotaStore; prisma: PrismaClient }) {
  return async function drawRota(today: SchoolDay): Promise<Picture> {
    const availability = await readAvailability(prisma, today);
    let picture = await rota.peek();
    if (!picture) {
      await rota.restore(availability.ranks, await readHistory(prisma));
      picture = (await rota.peek()) ?? { cycle: 0, working: [], original: [], resetMarked: true };
    }
    const next = picture.resetMarked ? buildRota(availability.ranks) : picture.original;
    const ids = [...next, ...picture.original, ...picture.working.map(({ consultantId }) => consultantId)];
    const people = await prisma.person.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
    return draw(picture, next, availability, new Map(people.map(({ id, name }) => [id, name])));
  };
}

function draw(picture: RotaPicture, next: readonly number[], availability: Availability, names: Map<number, string>) {
  const whyNot = (consultantId: number) => {
    const reason = whyNotNow(availability, consultantId);
    return reason && sayReason(reason);
  };
  const turn = (consultantId: number, position: number, state: PicturedTurn['state']): PicturedTurn => ({
    place: position + 1,
    consultant: { id: consultantId, name: names.get(consultantId) ?? '已离职' },
    state,
    passedOver: state === 'used' ? null : whyNot(consultantId),
  });

  const first = picture.working.find(({ consultantId }) => !whyNot(consultantId));
  const stateOf = (waiting: { cycle: number; position: number } | undefined): PicturedTurn['state'] => {
    if (!waiting) return 'used';
    return waiting === first ? 'next' : 'waiting';
  };
  const waitingAt = (position: number) =>
    picture.working.find((place) => place.cycle === picture.cycle && place.position === position);
  const earlier = picture.working.filter(({ cycle }) => cycle !== picture.cycle);
  const present = picture.original.map((id, position) => turn(id, position, stateOf(waitingAt(position))));

  // Nobody of the present cycle can: the next begins at once, with its first who can.
  const opens = first === undefined ? next.findIndex((id) => !whyNot(id)) : -1;
  return {
    present: { cycle: picture.cycle, turns: present, left: picture.working.length - earlier.length },
    returned: earlier.map((place) => turn(place.consultantId, place.position, stateOf(place))),
    next: {
      cycle: picture.cycle + 1,
      turns: next.map((id, position) => turn(id, position, position === opens ? 'next' : 'waiting')),
      left: next.length,
    },
    changed: picture.resetMarked,
  };
}
