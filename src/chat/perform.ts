import { ZodError } from 'zod';
import { type Actor, personOf } from '../kernel/actor.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { AskBack } from './ask-back.ts';
import { endConfirmation, keepForConfirmation } from './confirm.ts';
import type { AnyCommand, Said, Talk } from './define-command.ts';
import { commandsFor, mayUse } from './help.ts';
import { createTalk, keepList, type PageQuery, type StoredList } from './lists.ts';
import { refuse, sayProblem } from './phrases.ts';
import type { Registry } from './registry.ts';
import { type Reply, reply } from './reply.ts';
import { placeholdersOf } from './said.ts';
import { keepUndo, withUndo } from './undo.ts';

/** A command and what was said to it. */
export type Found = { command: AnyCommand; said: Said };

/** A command with its input as read, before it is checked; `onward` where 下一页 stands for it. */
type Asked = { command: AnyCommand; raw: unknown; onward: boolean; confirmed: boolean };

/** What a conversation is entered with: the person's lists, and whether something waits for 确认. */
export type Entered = { lists: readonly StoredList[]; waits: boolean };

/**
 * Does what an identified person asks: permission, numbers, input, effect, receipt with 撤销. Refusals and inputs that
 * do not fit are answered in words, and what the command had written until then is taken back.
 */
export async function perform(
  scope: Scope,
  { command, said }: Found,
  { registry, lists, waits }: Entered & { registry: Registry },
): Promise<Reply> {
  let usage = command.usage;
  try {
    allow(scope.actor, command, said.word, registry);
    if (waits && command.id !== 'chat.confirm') await endConfirmation(scope);
    demandAllUnderstood(command, said);
    const talk = createTalk({ scope, lists, registry, command });
    const raw = await command.read(said, talk);
    const asked = command.repeats
      ? await repeated(command, command.input.parse(raw), talk, registry)
      : { command, raw, onward: false, confirmed: false };
    usage = asked.command.usage;
    const input = asked.command.input.parse(asked.raw);
    return await takenBackOnRefusal(scope, (inner) => act(inner, talk, asked, input));
  } catch (error) {
    if (error instanceof Refusal) {
      await scope.tell(...error.tells);
      return reply(...error.message.split('\n'));
    }
    if (error instanceof AskBack) {
      if (error.list) await keepList(scope, personOf(scope.actor), error.list);
      return error.question;
    }
    if (error instanceof ZodError) return sayProblem(error, usage);
    throw error;
  }
}

const MOST_OFFERED = 3;

/** @throws Refusal `not_yours` naming the word that was said, and what this person can say instead */
function allow(actor: Actor, command: AnyCommand, word: string, registry: Registry): void {
  if (mayUse(actor, command)) return;
  const area = command.id.split('.')[0];
  const sayable = commandsFor(actor, registry.commands).filter(
    // What only shows something, for it is offered to be tapped.
    (one) => placeholdersOf(one).every(({ optional }) => optional) && !changes(one) && !one.id.startsWith('chat.'),
  );
  const near = sayable.filter(({ id }) => id.split('.')[0] === area);
  const offered = near.length > 0 ? near : sayable;
  const instead = [...offered.slice(0, MOST_OFFERED).map(({ words: [first] }) => first), '帮助'];
  throw refuse.not_yours({ word: word || command.words[0], instead });
}

/**
 * Nothing is done where a part of what was said would be passed over (product: nothing said is swallowed).
 * @throws Refusal `left_over`, `is_it_meant`
 */
function demandAllUnderstood(command: AnyCommand, { word, rest, args, isQuestion }: Said): void {
  if (command.takes === 'text') return;
  if (isQuestion && changes(command) && !command.hearsQuestions)
    throw refuse.is_it_meant({ said: `${word} ${rest}`.replace(/[\s？?]+$/, '') });
  if (command.takes === 'all') return;
  const left = args
    .slice(placeholdersOf(command).length)
    .join(' ')
    .replace(/^[，,、；;：:\s]+/, '');
  if (left !== '')
    throw refuse.left_over({ left, usage: command.usage.replace('N', '1').replace(/\s*\[[^\]]*\]/g, '') });
}

function changes({ undo, confirm }: AnyCommand): boolean {
  return undo !== undefined || confirm !== undefined;
}

async function repeated(command: AnyCommand, input: unknown, talk: Talk, registry: Registry): Promise<Asked> {
  const meant = await command.repeats?.(talk, input);
  const other = meant && registry.byId(meant.command);
  if (!other) throw refuse.no_next_page();
  const confirmed = meant.confirmed === true;
  allow(talk.scope.actor, other, other.words[0], registry);
  return { command: other, raw: meant.input, onward: !confirmed, confirmed };
}

/** Tells the audit triggers who acts from here on, and fetches the person's lists on the way. */
export async function enter({ tx, actor, now }: Scope): Promise<Entered> {
  const personId = personOf(actor);
  const [entered] = await tx.$queryRaw<{ lists: StoredList[]; waits: boolean }[]>`
    SELECT set_config('xiaoxin.actor', ${String(personId)}, true), (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', "id", 'slot', "slot", 'kind', "kind", 'items', "items",
        'query', "query", 'live', "expiresAt" > ${now})), '[]') FROM "NumberedList" WHERE "personId" = ${personId}) AS lists,
      EXISTS (SELECT 1 FROM "PendingConfirmation" WHERE "personId" = ${personId}) AS waits`;
  return { lists: entered?.lists ?? [], waits: entered?.waits ?? false };
}

/** The receipt must stay while the command's own rows go, so the command works behind a savepoint. */
async function takenBackOnRefusal<T>(scope: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const after: Parameters<Scope['afterCommit']>[0][] = [];
  await scope.tx.$executeRawUnsafe('SAVEPOINT command');
  try {
    const result = await work({ ...scope, afterCommit: (callback) => void after.push(callback) });
    for (const callback of after) scope.afterCommit(callback);
    return result;
  } catch (error) {
    if (error instanceof Refusal || error instanceof ZodError || error instanceof AskBack)
      await scope.tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT command');
    throw error;
  }
}

async function act(
  scope: Scope,
  talk: Talk,
  { command, raw, onward, confirmed }: Asked,
  input: unknown,
): Promise<Reply> {
  if (!confirmed) {
    const question = await command.confirm?.(scope, input);
    if (question) {
      await keepForConfirmation(scope, { command: command.id, input: raw });
      return question;
    }
  }
  const output = await command.run(scope, input);
  const shown = command.keeps?.(output);
  if (onward && !shown?.items.length) throw refuse.last_page();
  if (shown) await keepList(scope, personOf(scope.actor), shown, pageQuery(command, { raw, input }, shown.query));
  const answer = await command.reply(output, talk);
  // What cannot be taken back is kept too, so that 撤销 says so and does not reach past it for an earlier change.
  if (confirmed && !command.undo) await keepUndo(scope, command.id, null);
  const kept = command.undo?.keep(output);
  if (kept === null || kept === undefined) return answer;
  return withUndo(answer, await keepUndo(scope, command.id, kept));
}

/** What is kept is the input as read, so that it can be checked again whatever the check makes of it. */
function pageQuery(command: AnyCommand, given: { raw: unknown; input: unknown }, query: unknown): PageQuery | null {
  const args = { ...asRecord(given.raw), ...asRecord(query) };
  const page = args.page ?? asRecord(given.input).page;
  return typeof page === 'number' ? { command: command.id, args, page } : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
