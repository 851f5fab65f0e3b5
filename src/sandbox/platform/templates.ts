import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { Faults } from '../faults.ts';
import type { createInbox } from '../inbox.ts';
import type { SandboxParts } from '../parts.ts';
import type { Pusher } from '../push.ts';
import { isTemplateValue } from '../template-values.ts';
import { contentOf, sandboxTemplates } from '../templates.ts';
import { longId, OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import type { Followers } from './users.ts';

const SAME_SEND_MS = 10 * 60_000;
const MAX_TEMPLATES = 25;

const Send = z.object({
  touser: z.string().default(''),
  template_id: z.string().default(''),
  url: z.string().default(''),
  client_msg_id: z.string().optional(),
  data: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
});

const Kept = z.object({
  title: z.string(),
  kind: z.string().nullable(),
  fields: z.array(z.object({ name: z.string(), label: z.string() })),
  example: z.string(),
});
/** For which kinds the account was given a template; those of an older version are not named. */
const Mark = z.object({ kinds: z.array(z.string()).optional() });
/** A template of the account. */
export type Template = z.infer<typeof Kept> & { id: string };

const Add = z.object({ template_id_short: z.string().min(1), keyword_name_list: z.array(z.string()).default([]) });
const Delete = z.object({ template_id: z.string() });

type Parts = SandboxParts & {
  inbox: ReturnType<typeof createInbox>;
  pusher: Pusher;
  followers: Followers;
  faults: Faults;
};

/** The account's templates and template messages, each ended by a TEMPLATESENDJOBFINISH push after the answer. */
export function createTemplates({ prisma, catalogue, inbox, pusher, followers, faults }: Parts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/message/template/send', send),
    withToken('GET', '/cgi-bin/template/get_all_private_template', listAll),
    withToken('POST', '/cgi-bin/template/api_add_template', add),
    withToken('POST', '/cgi-bin/template/del_private_template', remove),
  ];
  return { calls, ensure, find };

  /** Gives the account a template for each kind it was not given one for yet; those that were deleted stay so. */
  async function ensure(): Promise<void> {
    const mark = await prisma.sandboxItem.findUnique({ where: { key: 'templates' } });
    // Before the mark named them, an account was given those whose ids are written down.
    const withId = catalogue.templated.flatMap(({ kind, template }) => (template.id ? [kind] : []));
    const given = new Set(mark ? (Mark.parse(mark.value).kinds ?? withId) : []);
    const missing = sandboxTemplates(catalogue).filter(({ kind }) => !given.has(kind));
    if (missing.length === 0) return;
    const createdAt = new Date(wallNow());
    const own = missing.map(({ kind, templateId, title, fields, example }) => ({
      key: keyOf(templateId),
      kind: 'template',
      value: {
        kind,
        title,
        fields: fields.map(({ name, label }) => ({ name, label })),
        example: fields.map(({ label }, n) => `${label}:${example[n] ?? ''}`).join('\n'),
      },
      createdAt,
    }));
    const value = { kinds: [...given, ...missing.map(({ kind }) => kind)] };
    await prisma.sandboxItem.createMany({ data: own, skipDuplicates: true });
    await prisma.sandboxItem.upsert({
      where: { key: 'templates' },
      create: { key: 'templates', kind: 'mark', value, createdAt },
      update: { value },
    });
  }

  async function send(request: ApiRequest) {
    const body = readBody(request, Send);
    const follower = await followers.find(body.touser);
    if (!follower) throw new PlatformError(40003, 'invalid openid');
    const template = await find(body.template_id);
    if (!template) throw new PlatformError(40037, 'invalid template_id');
    if (!follower.following) throw new PlatformError(43004, 'require subscribe');
    const fields = template.fields.map(({ name, label }) => {
      const value = body.data[name]?.value;
      if (!isTemplateValue(name, value)) throw new PlatformError(47003, `argument invalid! data.${name}.value invalid`);
      return { name, label, value: String(value) };
    });
    const msgid = String(longId());
    const message = {
      type: 'template' as const,
      msgid,
      templateId: template.id,
      kind: template.kind,
      title: template.title,
      url: body.url,
      fields,
    };
    const status = await faults.templateStatus();
    const before = status === 'success' ? await put(body.touser, message, body) : null;
    if (before) return { ...OK, msgid: BigInt(before) };
    pusher.pushLater(body.touser, finished(msgid, status), request.answered);
    return { ...OK, msgid: BigInt(msgid) };
  }

  /** Null where it went out, else the msgid of the one that went out before. */
  async function put(openid: string, message: Parameters<typeof inbox.deliverOnce>[1], body: z.infer<typeof Send>) {
    if (body.client_msg_id === undefined) {
      await inbox.deliver(openid, message);
      return null;
    }
    const now = wallNow();
    const wall = { now: new Date(now), until: new Date(now + SAME_SEND_MS) };
    const sent = await inbox.deliverOnce(openid, message, body.client_msg_id, wall);
    return sent.isNew ? null : sent.msgid;
  }

  async function listAll() {
    const rows = await prisma.sandboxItem.findMany({ where: { kind: 'template' }, orderBy: { key: 'asc' } });
    const template_list = rows.map(templateOf).map(({ id, title, fields, example }) => ({
      template_id: id,
      title,
      primary_industry: '教育',
      deputy_industry: '培训',
      content: contentOf(fields),
      example,
    }));
    return { template_list };
  }

  async function add(request: ApiRequest) {
    const { template_id_short, keyword_name_list } = readBody(request, Add);
    if (keyword_name_list.length === 0 || keyword_name_list.length > 5) {
      throw new PlatformError(40246, 'invalid keyword_name_list');
    }
    if ((await prisma.sandboxItem.count({ where: { kind: 'template' } })) >= MAX_TEMPLATES) {
      throw new PlatformError(45026, 'template num exceeds limit');
    }
    const template_id = randomBytes(33).toString('base64url').slice(0, 43);
    const fields = keyword_name_list.map((label, n) => ({ name: `thing${n + 1}`, label }));
    const value = { kind: null, title: `模板 ${template_id_short}`, fields, example: '' };
    await prisma.sandboxItem.create({
      data: { key: keyOf(template_id), kind: 'template', value, createdAt: new Date(wallNow()) },
    });
    return { ...OK, template_id };
  }

  async function remove(request: ApiRequest) {
    const { template_id } = readBody(request, Delete);
    const { count } = await prisma.sandboxItem.deleteMany({ where: { key: keyOf(template_id) } });
    if (count === 0) throw new PlatformError(40037, 'invalid template_id');
    return OK;
  }

  async function find(id: string): Promise<Template | null> {
    const row = await prisma.sandboxItem.findUnique({ where: { key: keyOf(id) } });
    return row ? templateOf(row) : null;
  }
}

function finished(msgid: string, status: string) {
  return { MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH', MsgID: msgid, Status: status };
}

function templateOf(row: { key: string; value: unknown }): Template {
  return { id: row.key.slice(keyOf('').length), ...Kept.parse(row.value) };
}

function keyOf(id: string): string {
  return `template:${id}`;
}
