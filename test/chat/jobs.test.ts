import { beforeAll, describe, expect, it } from 'vitest';
import { clearConversations } from '../../src/chat/jobs.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { useDatabase } from '../setup/database.ts';
import { aPerson, openConversation } from './conversation.ts';

const database = useDatabase();
const HOUR_MS = 60 * 60 * 1000;

beforeAll(async () => {
  await aPerson(database(), '王强');
});

describe('clearing conversations', () => {
  it('keeps receipts for two days and expired lists and codes for one, and takes no more than a batch', async () => {
    const { prisma } = database();
    const talk = openConversation(database());
    const now = talk.clock.now().getTime();
    const { id: personId } = await prisma.person.findFirstOrThrow();
    await prisma.messageReceipt.createMany({
      data: [1, 25, 47, 49, 50, 500].map((hours) => ({
        key: `${hours}`,
        createdAt: new Date(wallNow() - hours * HOUR_MS),
      })),
    });
    for (const [slot, hours] of [
      ['list', 1],
      ['rescue', 25],
    ] as const) {
      const expiresAt = new Date(now - hours * HOUR_MS);
      await prisma.numberedList.create({
        data: { personId, slot, kind: 'x', items: [], createdAt: expiresAt, expiresAt },
      });
      await prisma.undoCode.create({
        data: { personId, code: slot, command: 'x', data: {}, createdAt: expiresAt, expiresAt },
      });
    }
    const batch = () =>
      talk.inTransaction(systemActor, 'job', (scope) => clearConversations.run(scope, { dueAt: scope.now, limit: 2 }));

    expect(await batch()).toBe(4);
    expect(await batch()).toBe(1);
    expect(await batch()).toBe(0);
    expect((await prisma.messageReceipt.findMany()).map(({ key }) => key).sort()).toEqual(['1', '25', '47']);
    expect(await prisma.numberedList.findMany()).toMatchObject([{ slot: 'list' }]);
    expect(await prisma.undoCode.findMany()).toMatchObject([{ code: 'list' }]);
  });
});
