import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { demand } from '../access/access.ts';
import { personOf } from '../kernel/actor.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { refuse } from './phrases.ts';
import type { Registry } from './registry.ts';
import { type Line, type Reply, tap } from './reply.ts';
import { halfWidth } from './said.ts';

const VALID_MS = 10 * 60 * 1000;
/** Without what is easily taken for something else when read aloud or typed: I, L, O, 0, 1. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const CODE_LENGTH = 4;
const MOST_DRAWS = 8;

type Kept = { code: string; command: string; data: unknown };

/** Keeps what a change needs to be taken back within ten minutes; returns the code its receipt names: K7Q2. */
export async function keepUndo({ tx, actor, now }: Scope, command: string, data: unknown): Promise<string> {
  const personId = personOf(actor);
  const expiresAt = new Date(now.getTime() + VALID_MS);
  for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
    const code = Array.from({ length: CODE_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
    const kept = await tx.$executeRaw`
      INSERT INTO "UndoCode" ("code", "personId", "command", "data", "createdAt", "expiresAt")
      VALUES (${code}, ${personId}, ${command}, ${JSON.stringify(data)}::jsonb, ${now}, ${expiresAt})
      ON CONFLICT ("code") DO NOTHING`;
    if (kept === 1) return code;
  }
  throw new Error('no free undo code was drawn; has the job that clears the expired ones stopped?');
}

/** The answer with 撤销 K7Q2 at the end of its last line. */
export function withUndo({ lines, ...answer }: Reply, code: string): Reply {
  const last: Line = lines.at(-1) ?? '';
  const parts = typeof last === 'string' ? [last] : [...last];
  const end = parts.at(-1);
  const between = typeof end === 'string' ? (/[。？；：，]$|^$/.test(end) ? '' : '。') : ' · ';
  const ending = [...parts, between, tap(`撤销 ${code}`)].filter((part) => part !== '');
  return { ...answer, lines: [...lines.slice(0, -1), ending] };
}

/** 撤销: takes back one's last change, or the one a code names, by the restore its command declared. */
export function createUndo(registry: () => Pick<Registry, 'byId'>): AnyCommand {
  return defineCommand({
    id: 'chat.undo',
    words: ['撤销', '撤回', 'undo'],
    usage: '撤销 [码]',
    does: '十分钟内撤回刚才的改动',
    permission: null,
    input: z.object({ code: z.string().optional() }),
    read: ({ args }) => ({ code: args[0]?.toUpperCase() }),
    run: async (scope, { code }): Promise<Reply> => {
      const { command, data } = await takeUndo(scope, code);
      const declared = registry().byId(command);
      if (declared && !declared.undo) throw refuse.cannot_undo({ word: declared.words[0] });
      if (!declared?.undo) throw refuse.nothing_to_undo();
      if (declared.permission) demand(scope.actor, declared.permission, `用「${declared.words[0]}」`);
      return declared.undo.restore(scope, data);
    },
    reply: (restored) => restored,
  });
}

/** One statement decides, so that a change is taken back once however often it is asked at the same time. */
async function takeUndo(scope: Scope, code: string | undefined): Promise<Kept> {
  const { tx, now } = scope;
  const personId = personOf(scope.actor);
  const [taken] = await tx.$queryRaw<Kept[]>`
    UPDATE "UndoCode" SET "usedAt" = ${now}
    WHERE "usedAt" IS NULL AND "id" = (
      SELECT "id" FROM "UndoCode"
      WHERE "personId" = ${personId} AND "usedAt" IS NULL AND "expiresAt" > ${now}
        AND (${code ?? null}::text IS NULL OR "code" = ${code ?? null}::text)
      ORDER BY "id" DESC LIMIT 1)
    RETURNING "code", "command", "data"`;
  if (!taken) throw await whyNot(scope, code);
  return taken;
}

async function whyNot({ tx, actor }: Scope, code: string | undefined): Promise<Refusal> {
  if (code === undefined) return refuse.nothing_to_undo();
  const row = await tx.undoCode.findFirst({ where: { code, personId: personOf(actor) } });
  if (!row) return refuse.no_such_undo({ code: halfWidth(code) });
  return row.usedAt ? refuse.undo_used({ code }) : refuse.undo_expired({ code });
}
