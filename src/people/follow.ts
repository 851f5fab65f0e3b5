import { type Reply, reply } from '../chat/reply.ts';
import { personOf } from '../kernel/actor.ts';
import type { Scope } from '../kernel/scope.ts';
import { noteFollowing, noteUnfollowed } from '../notify/index.ts';
import { bindByScan } from './binding.ts';
import { said } from './phrases.ts';

type Scan = { openid: string; scene?: string };

async function follow(scope: Scope, { openid, scene }: Scan): Promise<Reply> {
  await noteFollowing(scope.tx, openid, scope.now);
  if (scene) return reply(...(await bindByScan(scope, { openid, scene })));
  const person = await scope.tx.person.findUnique({ where: { openid }, select: { name: true, active: true } });
  return reply(...(person?.active ? said.welcomeBack(person.name) : said.welcome()));
}

/** What follows, scans and unfollows do. */
export const followEvents = {
  follow,
  /** A follower scanned one of our codes; the platform counts them as a follower already. */
  scan: follow,
  /** Marks the person unreachable; the binding and its history stay. */
  unfollow: ({ tx, now }: Scope, openid: string) => noteUnfollowed(tx, openid, now),
};

/** Whether somebody's bound WeChat has unfollowed the account, so that nothing reaches it. */
export async function hasUnfollowed({ tx, actor }: Pick<Scope, 'tx' | 'actor'>): Promise<boolean> {
  const person = await tx.person.findUnique({ where: { id: personOf(actor) }, select: { openid: true } });
  if (!person?.openid) return false;
  const follower = await tx.follower.findUnique({ where: { openid: person.openid }, select: { following: true } });
  return follower?.following === false;
}
