import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, FileAnswer, withToken } from './call.ts';

const MB = 1024 * 1024;
/** How big a file of each type may be. */
export const MAX_BYTES: Readonly<Record<string, number>> = {
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
  thumb: 64 * 1024,
};
const LIFE_MS = 3 * 86_400_000;
/** Pictures inside articles. */
const IN_ARTICLE = { bytes: MB, type: /^image\/(jpeg|jpg|png)$/ } as const;

const Kept = z.object({ type: z.string(), fileName: z.string(), contentType: z.string(), base64: z.string() });

export type MediaStore = ReturnType<typeof createMedia>;

/** Files handed to the platform for three days. */
export function createMedia({ prisma }: SandboxParts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/media/upload', upload),
    withToken('GET', '/cgi-bin/media/get', get),
    withToken('POST', '/cgi-bin/media/uploadimg', uploadPicture),
  ];
  return { calls, find, keep };

  /** A file that has not expired, or null. */
  async function find(mediaId: string): Promise<FileAnswer | null> {
    const row = await prisma.sandboxItem.findUnique({ where: { key: keyOf(mediaId) } });
    if (!row?.expiresAt || row.expiresAt.getTime() <= wallNow()) return null;
    const { base64, contentType, fileName } = Kept.parse(row.value);
    return new FileAnswer(Buffer.from(base64, 'base64'), contentType, fileName);
  }

  async function upload(request: ApiRequest) {
    const type = request.query.type ?? '';
    const max = MAX_BYTES[type];
    if (!max) throw new PlatformError(40004, 'invalid media type');
    const file = await fileOf(request);
    if (!file) throw new PlatformError(41005, 'media data missing');
    if (file.size > max) throw new PlatformError(type === 'image' ? 40009 : 40006, 'invalid media size');
    const bytes = Buffer.from(await file.arrayBuffer());
    const media_id = await keep({ type, fileName: file.name, contentType: file.type, bytes });
    const name = type === 'thumb' ? 'thumb_media_id' : 'media_id';
    return { type, [name]: media_id, created_at: Math.floor(wallNow() / 1000) };
  }

  /** Keeps a file for three days; its media id. */
  async function keep({ bytes, ...file }: { type: string; fileName: string; contentType: string; bytes: Buffer }) {
    const media_id = randomBytes(48).toString('base64url');
    const now = wallNow();
    const value = { ...file, base64: bytes.toString('base64') };
    await prisma.sandboxItem.create({
      data: {
        key: keyOf(media_id),
        kind: 'media',
        value,
        createdAt: new Date(now),
        expiresAt: new Date(now + LIFE_MS),
      },
    });
    return media_id;
  }

  async function uploadPicture(request: ApiRequest) {
    const file = await fileOf(request);
    if (!file) throw new PlatformError(41005, 'media data missing');
    if (!IN_ARTICLE.type.test(file.type)) throw new PlatformError(40005, 'invalid file type');
    if (file.size > IN_ARTICLE.bytes) throw new PlatformError(40009, 'invalid image size');
    return { url: pictureUrl(randomBytes(32).toString('base64url')) };
  }

  async function get({ query }: ApiRequest) {
    const file = await find(query.media_id ?? '');
    if (!file) throw new PlatformError(40007, 'invalid media_id');
    return file;
  }
}

/** Where the platform would show a kept picture; nothing answers there. */
export function pictureUrl(id: string): string {
  return `http://mmbiz.qpic.cn/mmbiz_png/${id}/0`;
}

/** The fields of an upload; null where it is none. */
export async function formOf({ raw, contentType }: ApiRequest): Promise<FormData | null> {
  const request = new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } });
  return request.formData().catch(() => null);
}

async function fileOf(request: ApiRequest): Promise<File | null> {
  const media = (await formOf(request))?.get('media');
  return media instanceof File && media.name !== '' ? media : null;
}

function keyOf(mediaId: string): string {
  return `media:${mediaId}`;
}
