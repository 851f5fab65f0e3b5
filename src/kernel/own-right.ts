import { Refusal } from './refusal.ts';
import type { Scope } from './scope.ts';

/** What became of one of several: done, or refused with nothing of it left. */
export type OwnRight<Of, T> = { of: Of; done: T; refusal?: never } | { of: Of; refusal: Refusal; done?: never };

/**
 * Does something for each in its own right, in the one transaction: what is refused for one is taken back for that one
 * alone, and whoever its refusal tells is told.
 */
export async function eachInItsOwnRight<Of, T>(
  scope: Scope,
  all: readonly Of[],
  work: (scope: Scope, one: Of) => Promise<T>,
): Promise<OwnRight<Of, T>[]> {
  const became: OwnRight<Of, T>[] = [];
  for (const of of all) became.push(await inItsOwnRight(scope, of, work));
  return became;
}

async function inItsOwnRight<Of, T>(
  scope: Scope,
  of: Of,
  work: (scope: Scope, one: Of) => Promise<T>,
): Promise<OwnRight<Of, T>> {
  const { tx } = scope;
  const after: Parameters<Scope['afterCommit']>[0][] = [];
  await tx.$executeRawUnsafe('SAVEPOINT own_right');
  try {
    const done = await work({ ...scope, afterCommit: (callback) => void after.push(callback) }, of);
    await tx.$executeRawUnsafe('RELEASE SAVEPOINT own_right');
    for (const callback of after) scope.afterCommit(callback);
    return { of, done };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT own_right');
    await tx.$executeRawUnsafe('RELEASE SAVEPOINT own_right');
    await scope.tell(...error.tells);
    return { of, refusal: error };
  }
}
