import { type Reply, reply } from '../chat/reply.ts';
import { personOf } from '../kernel/actor.ts';
import type { Scope } from '../kernel/scope.ts';
import { heardAt, noteFollowing, noteUnfollowed } from '../notify/index.ts';
import { bindByScan } from './binding.ts';
import { said } from './phrases.ts';

/** `at` is the platform's time of what happened: pushes overtake each other. */
type Scan = { openid: string; scene?: string; at: Date };

/** What follows, scans and unfollows of one account do. */
export function createFollowEvents({ appId }: { appId: string }) {
  async function follow(scope: Scope, { openid, scene, at }: Scan): Promise<Reply> {
    const user = { appId, openid };
    await noteFollowing(scope.tx, user, heardAt(at, scope.now));
    if (scene) return reply(...(await bindByScan(scope, { user, scene })));
    const person = await scope.tx.person.findUnique({ where: { openid }, select: { name: true, active: true } });
    return reply(...(person?.active ? said.welcomeBack(person.name) : said.welcome()));
  }
  return {
    follow,
    /** A follower scanned one of our codes; the platform counts them as a follower already. */
    scan: follow,
    /** Marks the person unreachable; the binding and its history stay. */
    unfollow: ({ tx, now }: Scope, { openid, at }: Omit<Scan, 'scene'>) =>
      noteUnfollowed(tx, { appId, openid }, heardAt(at, now)),
  };
}

/** Whether somebody's bound WeChat has unfollowed the account, so that nothing reaches it. */
export async function hasUnfollowed({ tx, actor }: Pick<Scope, 'tx' | 'actor'>): Promise<boolean> {
  const person = await tx.person.findUnique({ where: { id: personOf(actor) }, select: { openid: true } });
  if (!person?.openid) return false;
  const follower = await tx.follower.findUnique({ where: { openid: person.openid }, select: { following: true } });
  return follower?.following === false;
}
