import type { Scope } from '../kernel/scope.ts';

/** Thrown through a transaction whose use case wants something done before it opens; no answer for anybody. */
export class NotYetDone extends Error {
  override readonly name = 'NotYetDone';
  constructor(readonly perform: () => Promise<void>) {
    super('This has to be done before the transaction opens; whoever catches it must throw it on.');
  }
}

/** A use case that names something new each time it begins again would never come to its end. */
const MOST = 200;

/**
 * Keeps what was done before one door's transaction, over all attempts at it. `end` answers what is to be called when
 * all is over.
 */
export function createBeforehand(): { beforehand: Scope['beforehand']; end(): (() => Promise<void>)[] } {
  const done = new Map<string, unknown>();
  const ends: (() => Promise<void>)[] = [];
  return {
    beforehand: async <T>(key: string, work: () => Promise<T>, atEnd?: (value: T) => Promise<void>) => {
      if (done.has(key)) return done.get(key) as T;
      if (done.size >= MOST) throw new Error(`${MOST} things were done beforehand; are the keys the same each time?`);
      throw new NotYetDone(async () => {
        const value = await work();
        done.set(key, value);
        if (atEnd) ends.push(() => atEnd(value));
      });
    },
    end: () => ends,
  };
}
