import { z } from 'zod';
import { invalidFields } from '../../kernel/refusal.ts';
import type { createInbox } from '../inbox.ts';
import type { SandboxParts } from '../parts.ts';
import type { Pusher, PushFields } from '../push.ts';
import { isTemplateValue } from '../template-values.ts';
import { longId, OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import { createItems } from './items.ts';
import type { Template } from './templates.ts';
import type { Followers } from './users.ts';

const Send = z.object({
  touser: z.string().default(''),
  template_id: z.string().default(''),
  page: z.string().optional(),
  data: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
});
const Choice = z.object({ templateId: z.string().min(1), status: z.enum(['accept', 'reject']).default('accept') });

type Parts = SandboxParts & {
  inbox: ReturnType<typeof createInbox>;
  pusher: Pusher;
  followers: Followers;
  templates: { find(id: string): Promise<Template | null> };
};

/** Subscription notices (订阅通知): one accept on a page lets one message through. */
export function createSubscriptions({ inbox, pusher, followers, templates, ...parts }: Parts) {
  const accepts = createItems(parts, 'optIn', z.object({ left: z.number() }));
  const calls: ApiCall[] = [withToken('POST', '/cgi-bin/message/subscribe/bizsend', send)];
  return { calls, choose };

  /** Somebody taps 允许 or 拒绝 for a template; the push that tells the school. @throws Refusal `invalid_fields` */
  async function choose(openid: string, body: unknown): Promise<PushFields> {
    const read = Choice.safeParse(body);
    if (!read.success) throw invalidFields({ templateId: '请给出模板的 templateId，status 是 accept 或 reject' });
    const { templateId, status } = read.data;
    const key = `${openid}:${templateId}`;
    const left = (await accepts.find(key))?.left ?? 0;
    if (status === 'accept') await accepts.put(key, { left: left + 1 });
    const List = { TemplateId: templateId, SubscribeStatusString: status, PopupScene: '1' };
    return { MsgType: 'event', Event: 'subscribe_msg_popup_event', SubscribeMsgPopupEvent: { List } };
  }

  async function send(request: ApiRequest) {
    const { touser, template_id, page = '', data } = readBody(request, Send);
    if (!(await followers.find(touser))) throw new PlatformError(40003, 'invalid openid');
    const template = await templates.find(template_id);
    if (!template) throw new PlatformError(40037, 'invalid template_id');
    const fields = template.fields.map(({ name, label }) => {
      const value = data[name]?.value;
      if (!isTemplateValue(name, value)) throw new PlatformError(47003, `argument invalid! data.${name}.value invalid`);
      return { name, label, value: String(value) };
    });
    const key = `${touser}:${template_id}`;
    const left = (await accepts.find(key))?.left ?? 0;
    if (left < 1) throw new PlatformError(43101, 'user refuse to accept the msg');
    await accepts.put(key, { left: left - 1 });
    const msgid = String(longId());
    const { id: templateId, kind, title } = template;
    await inbox.deliver(touser, { type: 'template', msgid, templateId, kind, title, url: page, fields });
    const List = { TemplateId: template_id, MsgID: msgid, ErrorCode: '0', ErrorStatus: 'success' };
    const sent = { MsgType: 'event', Event: 'subscribe_msg_sent_event', SubscribeMsgSentEvent: { List } };
    pusher.pushLater(touser, sent, request.answered);
    return { ...OK, msgid: BigInt(msgid) };
  }
}
