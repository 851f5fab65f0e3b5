import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, FileAnswer, readBody, withToken } from './call.ts';
import { createItems } from './items.ts';
import { formOf, MAX_BYTES, pictureUrl } from './media.ts';

const TYPES = ['image', 'voice', 'video', 'thumb'] as const;
const MOST_AT_ONCE = 20;

const Kept = z.object({
  type: z.enum(TYPES),
  fileName: z.string(),
  contentType: z.string(),
  base64: z.string(),
  at: z.number(),
  title: z.string().optional(),
  introduction: z.string().optional(),
});
const ById = z.object({ media_id: z.string() });
const Batch = z.object({
  type: z.string(),
  offset: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(MOST_AT_ONCE).default(MOST_AT_ONCE),
});
const Description = z.object({ title: z.string().default(''), introduction: z.string().default('') });

export type Materials = ReturnType<typeof createMaterials>;

/** Files the account keeps for good (永久素材). */
export function createMaterials(parts: SandboxParts) {
  const materials = createItems(parts, 'material', Kept);
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/material/add_material', add),
    withToken('POST', '/cgi-bin/material/get_material', get),
    withToken('POST', '/cgi-bin/material/del_material', remove),
    withToken('POST', '/cgi-bin/material/batchget_material', batch),
    withToken('GET', '/cgi-bin/material/get_materialcount', count),
  ];
  return { calls, find };

  /** A kept file, or null. */
  async function find(mediaId: string): Promise<FileAnswer | null> {
    const kept = await materials.find(mediaId);
    return kept && new FileAnswer(Buffer.from(kept.base64, 'base64'), kept.contentType, kept.fileName);
  }

  async function add(request: ApiRequest) {
    const form = await formOf(request);
    const type = TYPES.find((known) => known === (request.query.type ?? form?.get('type')));
    if (!type) throw new PlatformError(40004, 'invalid media type');
    const file = form?.get('media');
    if (!(file instanceof File)) throw new PlatformError(41005, 'media data missing');
    if (file.size > (MAX_BYTES[type] ?? 0)) throw new PlatformError(40009, 'invalid media size');
    const described = type === 'video' ? descriptionOf(form?.get('description')) : {};
    const media_id = randomBytes(32).toString('base64url');
    await materials.put(media_id, {
      type,
      fileName: file.name,
      contentType: file.type,
      base64: Buffer.from(await file.arrayBuffer()).toString('base64'),
      at: Math.floor(wallNow() / 1000),
      ...described,
    });
    return { media_id, ...(type === 'image' && { url: pictureUrl(media_id) }) };
  }

  async function get(request: ApiRequest) {
    const { media_id } = readBody(request, ById);
    const kept = await materials.find(media_id);
    if (!kept) throw new PlatformError(40007, 'invalid media_id');
    if (kept.type !== 'video') return (await find(media_id)) as FileAnswer;
    return { title: kept.title ?? '', description: kept.introduction ?? '', down_url: pictureUrl(media_id) };
  }

  async function remove(request: ApiRequest) {
    if (!(await materials.remove(readBody(request, ById).media_id))) throw new PlatformError(40007, 'invalid media_id');
    return OK;
  }

  async function batch(request: ApiRequest) {
    const { type, offset, count: most } = readBody(request, Batch, 40007, 'invalid args');
    if (type !== 'news' && !TYPES.some((known) => known === type)) throw new PlatformError(40004, 'invalid media type');
    const all = (await materials.list()).filter(({ value }) => value.type === type).reverse();
    const item = all.slice(offset, offset + most).map(({ name, value }) => ({
      media_id: name,
      name: value.fileName,
      update_time: value.at,
      url: value.type === 'image' ? pictureUrl(name) : '',
    }));
    return { total_count: all.length, item_count: item.length, item };
  }

  async function count() {
    const all = await materials.list();
    const of = (type: string) => all.filter(({ value }) => value.type === type).length;
    return { voice_count: of('voice'), video_count: of('video'), image_count: of('image'), news_count: 0 };
  }
}

function descriptionOf(given: unknown): z.infer<typeof Description> {
  try {
    return Description.parse(JSON.parse(String(given)));
  } catch {
    throw new PlatformError(41005, 'description of the video missing');
  }
}
