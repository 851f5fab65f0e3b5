import { z } from 'zod';

// WeChat's answers as far as we rely on them. Unknown fields are dropped; ids arrive as text or as short numbers.
const id = z.union([z.string(), z.number()]).transform(String);

/** A list of which every readable item counts: one broken item loses itself, not the others. */
function eachOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(z.unknown()).transform((items) =>
    items.flatMap((one) => {
      const read = item.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );
}

export const Nothing = z.object({}).transform(() => undefined);

export const Token = z
  .object({ access_token: z.string().min(1), expires_in: z.number().positive() })
  .transform((a) => ({ value: a.access_token, expiresInSeconds: a.expires_in }));

export const Ticket = z
  .object({ ticket: z.string().min(1), expires_in: z.number().positive() })
  .transform((a) => ({ value: a.ticket, expiresInSeconds: a.expires_in }));

export const QrCode = z
  .object({ ticket: z.string().min(1), expire_seconds: z.number().optional(), url: z.string() })
  .transform((a) => ({ ticket: a.ticket, expireSeconds: a.expire_seconds, url: a.url }));

/** A send that was accepted stays so where the platform leaves its id out: then no report will find it. */
export const Sent = z
  .object({ errcode: z.literal(0).optional(), msgid: id.nullish() })
  .refine((a) => a.errcode === 0 || a.msgid)
  .transform((a) => ({ msgId: a.msgid ?? undefined }));

const words = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

const Template = z
  .object({ template_id: z.string().min(1), title: words, content: words, example: words })
  .transform(({ template_id: id, ...t }) => ({ id, ...t, fields: fieldsOf(t.content) }));

export const Templates = z.object({ template_list: eachOf(Template) }).transform((a) => a.template_list);

export const TemplateAdded = z.object({ template_id: z.string() }).transform((a) => ({ templateId: a.template_id }));

export const User = z
  .object({
    subscribe: z.number(),
    openid: z.string(),
    unionid: z.string().nullish(),
    subscribe_time: z.number().nullish(),
    subscribe_scene: z.string().nullish(),
    remark: z.string().nullish(),
    qr_scene: id.nullish(),
    qr_scene_str: z.string().nullish(),
  })
  .transform((u) => ({
    openid: u.openid,
    isFollower: u.subscribe === 1,
    unionid: u.unionid ?? undefined,
    /** Seconds. */
    followedAt: u.subscribe_time ?? undefined,
    followedBy: u.subscribe_scene ?? undefined,
    remark: u.remark ?? undefined,
    scene: u.qr_scene_str || (u.qr_scene === '0' ? undefined : (u.qr_scene ?? undefined)),
  }));

export const Users = z.object({ user_info_list: eachOf(User) }).transform((a) => a.user_info_list);

export const Followers = z
  .object({
    total: z.number(),
    count: z.number(),
    data: z.object({ openid: eachOf(z.string().min(1)).nullish() }).nullish(),
    next_openid: words,
  })
  .transform((a) => ({
    total: a.total,
    openids: a.data?.openid ?? [],
    /** Undefined on the last page. */
    next: a.count > 0 && a.next_openid !== '' ? a.next_openid : undefined,
  }));

export const Menu = z.object({ menu: z.object({ button: z.array(z.unknown()) }) }).transform((a) => a.menu);

export const Media = z
  .object({ type: z.string(), media_id: z.string().optional(), thumb_media_id: z.string().optional() })
  .refine((a) => a.media_id ?? a.thumb_media_id)
  .transform((a) => ({ mediaId: a.media_id ?? a.thumb_media_id ?? '' }));

/** media/get answers a video with its address instead of its bytes. */
export const VideoAddress = z
  .object({ video_url: z.string().optional(), down_url: z.string().optional() })
  .refine((a) => a.video_url ?? a.down_url)
  .transform((a) => ({ url: a.video_url ?? a.down_url ?? '' }));

export const CallbackIps = z.object({ ip_list: eachOf(z.string()) }).transform((a) => a.ip_list);

export const OauthUser = z
  .object({
    openid: z.string().min(1),
    unionid: z.string().optional(),
    scope: z.string(),
    is_snapshotuser: z.number().optional(),
  })
  .transform((a) => ({ openid: a.openid, unionid: a.unionid, scope: a.scope, isSnapshot: a.is_snapshotuser === 1 }));

// 「课程:{{thing1.DATA}}\n…」: the number after the type varies per template, so the names are read from here.
function fieldsOf(content: string): { name: string; label: string }[] {
  return [...content.matchAll(/([^\n:：{}]*)[:：]?\s*\{\{(\w+)\.DATA\}\}/g)].map(([, label = '', name = '']) => ({
    name,
    label: label.trim(),
  }));
}
