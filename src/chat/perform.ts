import { ZodError } from 'zod';
import { demand } from '../access/access.ts';
import { type Actor, personOf } from '../kernel/actor.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import type { AnyCommand, Said, Talk } from './define-command.ts';
import { createTalk, keepList, type PageQuery, type StoredList } from './lists.ts';
import { refuse, sayProblem } from './phrases.ts';
import type { Registry } from './registry.ts';
import { type Reply, reply } from './reply.ts';
import { keepUndo, withUndo } from './undo.ts';

/** A command and what was said to it. */
export type Found = { command: AnyCommand; said: Said };

/** A command with its input as read, before it is checked; `onward` where 下一页 stands for it. */
type Asked = { command: AnyCommand; raw: unknown; onward: boolean };

/**
 * Does what an identified person asks: permission, numbers, input, effect, receipt with 撤销. Refusals and inputs that
 * do not fit are answered in words, and what the command had written until then is taken back.
 */
export async function perform(scope: Scope, { command, said }: Found, registry: Registry): Promise<Reply> {
  let usage = command.usage;
  try {
    allow(scope.actor, command);
    const talk = createTalk({ scope, lists: await enter(scope), registry, command });
    const asked = command.repeats
      ? repeated(command.repeats(talk), scope.actor, registry)
      : { command, raw: await command.read(said, talk), onward: false };
    usage = asked.command.usage;
    const input = asked.command.input.parse(asked.raw);
    return await takenBackOnRefusal(scope, (inner) => act(inner, talk, asked, input));
  } catch (error) {
    if (error instanceof Refusal) {
      await scope.tell(...error.tells);
      return reply(...error.message.split('\n'));
    }
    if (error instanceof ZodError) return sayProblem(error, usage);
    throw error;
  }
}

function allow(actor: Actor, { permission, words }: AnyCommand): void {
  if (permission !== null) demand(actor, permission, `用「${words[0]}」`);
}

function repeated(
  { command: id, input }: { command: string; input: unknown },
  actor: Actor,
  registry: Registry,
): Asked {
  const command = registry.byId(id);
  if (!command) throw refuse.no_next_page();
  allow(actor, command);
  return { command, raw: input, onward: true };
}

/** Tells the audit triggers who acts from here on, and fetches the person's lists on the way. */
async function enter({ tx, actor, now }: Scope): Promise<readonly StoredList[]> {
  const personId = personOf(actor);
  const [entered] = await tx.$queryRaw<{ lists: StoredList[] }[]>`
    SELECT set_config('xiaoxin.actor', ${String(personId)}, true), (
      SELECT coalesce(jsonb_agg(jsonb_build_object('slot', "slot", 'kind', "kind", 'items', "items", 'query', "query",
        'live', "expiresAt" > ${now})), '[]') FROM "NumberedList" WHERE "personId" = ${personId}) AS lists`;
  return entered?.lists ?? [];
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
    if (error instanceof Refusal || error instanceof ZodError)
      await scope.tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT command');
    throw error;
  }
}

async function act(scope: Scope, talk: Talk, { command, raw, onward }: Asked, input: unknown): Promise<Reply> {
  const output = await command.run(scope, input);
  const shown = command.keeps?.(output);
  if (onward && !shown?.items.length) throw refuse.last_page();
  if (shown) await keepList(scope, personOf(scope.actor), shown, pageQuery(command, { raw, input }, shown.query));
  const answer = await command.reply(output, talk);
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
