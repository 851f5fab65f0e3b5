import { z } from 'zod';
import { wallNow } from '../kernel/clock.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { SandboxParts } from './parts.ts';

/** `true` stands for "until reset" where a number counts how often. */
const Times = z.union([z.boolean(), z.number().int().min(0).max(1000)]);
const isOff = (value: unknown) => value === false || value === 0;

const PushFaults = z.strictObject({
  /** Each push comes this many times more, at the same moment. */
  duplicate: Times.optional(),
  /** Each push leaves this much later. */
  delayMs: z.number().int().min(0).max(60_000).optional(),
  /** The next n deliveries never arrive (true: none does); the platform tries three times. */
  lose: Times.optional(),
  /** The next n answers never come back, though the push had its effect; the platform tries again. */
  loseAnswers: Times.optional(),
  /** How template messages end: the Status of their finishing push. */
  templateStatus: z.enum(['success', 'failed:user block', 'failed: system failed', 'failed: sender block']).optional(),
});
export type PushFaults = z.infer<typeof PushFaults>;

const CallFault = z
  .strictObject({
    /** The end of a call's path, such as template/send; * is every call. */
    call: z.string().min(1),
    /** Answers this errcode and does nothing. */
    errcode: z.number().int().optional(),
    errmsg: z.string().optional(),
    /** Answers with this HTTP status and does nothing. */
    status: z.number().int().min(400).max(599).optional(),
    /** Never answers and does nothing. */
    timeout: z.boolean().optional(),
    /** Does it, and then the answer is lost. */
    loseAnswer: z.boolean().optional(),
    /** How many calls fail; left out, all do until reset. */
    times: z.number().int().min(1).max(10_000).optional(),
  })
  .refine((fault) => fault.errcode !== undefined || fault.status || fault.timeout || fault.loseAnswer, {
    message: '要写明怎么出错：errcode、status、timeout 或 loseAnswer',
  });
export type CallFault = z.infer<typeof CallFault>;

const Faults = z.strictObject({
  reset: z.boolean().optional(),
  pushes: PushFaults.optional(),
  calls: z.array(CallFault).optional(),
});

const PUSH_KEY = 'faults:pushes';

/** The faults that are switched on, kept in the database so that all nodes share them. */
export type Faults = ReturnType<typeof createFaults>;

/** Makes the platform misbehave on purpose: pushes come twice, late or never, calls fail. */
export function createFaults({ prisma, severalNodes = false }: SandboxParts & { severalNodes?: boolean }) {
  /** Known to be none: only this node could have switched one on. Spares every call and push a look. */
  let areNone = false;
  return {
    current,
    change,
    takePush,
    takeLoss: () => count('lose'),
    takeLostAnswer: () => count('loseAnswers'),
    takeCall,
    templateStatus,
  };

  /** What is on. A counted fault that is used up is not. */
  async function current(): Promise<{ pushes: PushFaults; calls: CallFault[] }> {
    const rows = await prisma.sandboxItem.findMany({
      where: { kind: { in: ['pushFaults', 'callFault'] } },
      orderBy: { createdAt: 'asc' },
    });
    areNone = !severalNodes && rows.length === 0;
    const pushes = rows.find((row) => row.kind === 'pushFaults')?.value;
    return {
      pushes: Object.fromEntries(Object.entries(PushFaults.parse(pushes ?? {})).filter(([, value]) => !isOff(value))),
      calls: rows.filter((row) => row.kind === 'callFault').map((row) => CallFault.parse(row.value)),
    };
  }

  /**
   * Switches faults on or off: `pushes` changes the switches named, `calls` adds (an empty list takes all away),
   * `reset` comes first and takes everything away. Returns what is on then.
   * @throws Refusal `invalid_fields`
   */
  async function change(body: unknown) {
    const read = Faults.safeParse(canonical(body));
    if (!read.success) throw invalidFields(explain(read.error));
    const { reset, pushes, calls } = read.data;
    areNone = false;
    if (reset) await prisma.sandboxItem.deleteMany({ where: { kind: { in: ['pushFaults', 'callFault'] } } });
    if (calls?.length === 0) await prisma.sandboxItem.deleteMany({ where: { kind: 'callFault' } });
    const createdAt = new Date(wallNow());
    for (const [n, value] of (calls ?? []).entries()) {
      const key = `faults:call:${createdAt.getTime()}:${String(n).padStart(3, '0')}:${value.call}`;
      await prisma.sandboxItem.create({ data: { key, kind: 'callFault', value, createdAt } });
    }
    if (pushes) {
      await prisma.$executeRaw`
        INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "createdAt")
        VALUES (${PUSH_KEY}, 'pushFaults', ${JSON.stringify(pushes)}::jsonb, ${createdAt})
        ON CONFLICT ("key") DO UPDATE SET "value" = i."value" || EXCLUDED."value"`;
    }
    return current();
  }

  /** What happens to a push that is about to leave. */
  async function takePush() {
    const faults = await pushFaults();
    return {
      copies: Number(faults.duplicate ?? 0),
      delayMs: faults.delayMs ?? 0,
      loses: !isOff(faults.lose ?? false) || !isOff(faults.loseAnswers ?? false),
    };
  }

  /** How template messages end now. */
  async function templateStatus(): Promise<string> {
    return (await pushFaults()).templateStatus ?? 'success';
  }

  async function pushFaults(): Promise<PushFaults> {
    if (areNone) return {};
    const row = await prisma.sandboxItem.findUnique({ where: { key: PUSH_KEY } });
    return PushFaults.parse(row?.value ?? {});
  }

  /** Whether this delivery (or its answer) is to be lost; a counted one is counted down. */
  async function count(name: 'lose' | 'loseAnswers'): Promise<boolean> {
    const taken = await prisma.$executeRaw`
      UPDATE "SandboxItem"
      SET "value" = CASE WHEN jsonb_typeof("value"->${name}) = 'number'
        THEN jsonb_set("value", ARRAY[${name}], to_jsonb(("value"->>${name})::int - 1)) ELSE "value" END
      WHERE "key" = ${PUSH_KEY} AND ("value"->${name} = 'true'::jsonb
        OR (jsonb_typeof("value"->${name}) = 'number' AND ("value"->>${name})::int > 0))`;
    return taken > 0;
  }

  /** The fault this call runs into, null for none; a counted one is counted down. */
  async function takeCall(path: string): Promise<CallFault | null> {
    if (areNone) return null;
    const rows = await prisma.sandboxItem.findMany({ where: { kind: 'callFault' }, orderBy: { key: 'asc' } });
    for (const { key, value } of rows) {
      const fault = CallFault.parse(value);
      if (!concerns(fault, path)) continue;
      if (fault.times === undefined) return fault;
      const taken = await prisma.$executeRaw`
        UPDATE "SandboxItem" SET "value" = jsonb_set("value", '{times}', to_jsonb(("value"->>'times')::int - 1))
        WHERE "key" = ${key} AND ("value"->>'times')::int > 1`;
      if (taken > 0) return fault;
      const { count: last } = await prisma.sandboxItem.deleteMany({ where: { key } });
      if (last > 0) return fault;
    }
    return null;
  }
}

function concerns({ call }: CallFault, path: string): boolean {
  const name = call.replace(/^\/+/, '');
  return name === '*' || path === `/${name}` || path.endsWith(`/${name}`);
}

const PUSH_NAMES: Readonly<Record<string, keyof PushFaults>> = {
  duplicate: 'duplicate',
  duplicates: 'duplicate',
  duplicatePushes: 'duplicate',
  delayMs: 'delayMs',
  delay: 'delayMs',
  delayPushesMs: 'delayMs',
  lose: 'lose',
  loss: 'lose',
  drop: 'lose',
  losePushes: 'lose',
  loseAnswers: 'loseAnswers',
  templateStatus: 'templateStatus',
};
const CALL_NAMES = ['call', 'errcode', 'errmsg', 'status', 'timeout', 'loseAnswer', 'times'];

/** Short forms scripts like: push switches at the top, one call's fault at the top, or calls as path → errcode. */
function canonical(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { calls, pushes, ...rest } = body as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  const switches: Record<string, unknown> = { ...(isRecord(pushes) ? pushes : {}) };
  const single: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    const short = PUSH_NAMES[name];
    if (short) switches[short] = value;
    else if (name === 'delaySeconds') switches.delayMs = Number(value) * 1000;
    else if (CALL_NAMES.includes(name)) single[name] = value;
    else if (name === 'api' || name === 'path') single.call = value;
    else if (name === 'count') single.times = value;
    else out[name] = value;
  }
  const list = isRecord(calls) ? Object.entries(calls).map(([call, errcode]) => ({ call, errcode })) : calls;
  if (Object.keys(single).length > 0) out.calls = [...(Array.isArray(list) ? list : []), { call: '*', ...single }];
  else if (list !== undefined) out.calls = list;
  if (Object.keys(switches).length > 0) out.pushes = switches;
  else if (pushes !== undefined) out.pushes = pushes;
  return out;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function explain(error: z.ZodError): Record<string, string> {
  const known =
    '可用的有 pushes {duplicate, delayMs, lose, loseAnswers, templateStatus}、calls [{call, errcode, status, timeout, loseAnswer, times}]、reset';
  return Object.fromEntries(
    error.issues.map(({ path, code, message }) => {
      const at = path.join('.') || 'body';
      if (code === 'unrecognized_keys') return [at, known];
      return [at, code === 'custom' ? message : `${at} 的值不对。${known}`];
    }),
  );
}
