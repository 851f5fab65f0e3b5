import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, FileAnswer, withToken } from './call.ts';

const MB = 1024 * 1024;
const MAX_BYTES: Readonly<Record<string, number>> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, thumb: 64 * 1024 };
const LIFE_MS = 3 * 86_400_000;

const Kept = z.object({ type: z.string(), fileName: z.string(), contentType: z.string(), base64: z.string() });

export type MediaStore = ReturnType<typeof createMedia>;

/** Files handed to the platform for three days. */
export function createMedia({ prisma }: SandboxParts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/media/upload', upload),
    withToken('GET', '/cgi-bin/media/get', get),
  ];
  return { calls, find };

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
    const media_id = randomBytes(48).toString('base64url');
    const now = wallNow();
    const value = { type, fileName: file.name, contentType: file.type, base64: bytes.toString('base64') };
    await prisma.sandboxItem.create({
      data: {
        key: keyOf(media_id),
        kind: 'media',
        value,
        createdAt: new Date(now),
        expiresAt: new Date(now + LIFE_MS),
      },
    });
    const name = type === 'thumb' ? 'thumb_media_id' : 'media_id';
    return { type, [name]: media_id, created_at: Math.floor(now / 1000) };
  }

  async function get({ query }: ApiRequest) {
    const file = await find(query.media_id ?? '');
    if (!file) throw new PlatformError(40007, 'invalid media_id');
    return file;
  }
}

async function fileOf({ raw, contentType }: ApiRequest): Promise<File | null> {
  try {
    const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData();
    const media = form.get('media');
    return media instanceof File && media.name !== '' ? media : null;
  } catch {
    return null;
  }
}

function keyOf(mediaId: string): string {
  return `media:${mediaId}`;
}
