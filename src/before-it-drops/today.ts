import { may } from '../access/access.ts';
import type { TodayLine } from '../chat/today.ts';
import { personOf } from '../kernel/actor.ts';
import type { Scope } from '../kernel/scope.ts';
import { readDueContacts } from './reminders/say-contacts.ts';
import { readComingSweep, saySweep } from './rescue/coming-sweep.ts';
import { countAboutToDrop, findAboutToDrop } from './rescue/find-about-to-drop.ts';
import { headOf, teamOf } from './rescue/heads.ts';

const MOST_NAMED = 3;
const DAY_MS = 24 * 3_600_000;

/** What of somebody's customers is on today: whom they meant to contact, and who drops at the coming sweep. */
export async function customersToday(scope: Scope): Promise<TodayLine[]> {
  const { actor } = scope;
  if (!may(actor, 'customers.list')) return [];
  return [...(await contacts(scope)), ...(await drops(scope))];
}

async function contacts(scope: Scope): Promise<TodayLine[]> {
  const me = personOf(scope.actor);
  const due = (await readDueContacts(scope, { consultantIds: [me] })).get(me) ?? [];
  if (due.length === 0) return [];
  const names = due.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = due.length > names.length ? '…' : '';
  return [
    {
      short: `今天要联系 ${due.length} 位`,
      line: `今天要联系 ${due.length} 位：${names.join('、')}${more}，回复「今天要联系」看名单`,
    },
  ];
}

/** Only within a day of the sweep: a school that sweeps once a week is not pressed every day. */
async function drops(scope: Scope): Promise<TodayLine[]> {
  const { actor, now } = scope;
  const sweep = await readComingSweep(scope);
  if (sweep.at.getTime() - now.getTime() > DAY_MS) return [];
  const until = saySweep(sweep, scope);
  const me = personOf(actor);
  const own = (await findAboutToDrop(scope, sweep, [me])).get(me);
  const count = (own?.savableCount ?? 0) + (own?.lostCount ?? 0);
  const mine =
    count > 0 ? [{ short: `${count} 位${until}会掉`, line: `${count} 位客户${until}会掉，回复「快掉了」留住` }] : [];
  const head = headOf(actor);
  if (!head) return mine;
  const team = teamOf(await countAboutToDrop(scope, sweep), head).filter(({ consultantId }) => consultantId !== me);
  const theirs = team.reduce((sum, one) => sum + one.count, 0);
  if (theirs === 0) return mine;
  return [
    ...mine,
    { short: `同事手上 ${theirs} 位${until}会掉`, line: `同事手上 ${theirs} 位${until}会掉，回复「快掉了」看` },
  ];
}
