import { z } from 'zod';
import { invalidFields } from '../kernel/refusal.ts';

const MOST_BYTES = 10 * 1024 * 1024;

const file = {
  /** The file in base64, with or without `data:…;base64,`; left out, the phone takes one of its own. */
  data: z
    .string()
    .max(Math.ceil((MOST_BYTES * 4) / 3) + 100)
    .optional(),
  fileName: z.string().max(100).optional(),
};

const Said = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().trim().min(1).max(2000), menuId: z.coerce.string().optional() }),
  z.object({ type: z.literal('image'), ...file }),
  z.object({ type: z.literal('voice'), ...file, format: z.enum(['amr', 'speex', 'mp3']).default('amr') }),
  z.object({
    type: z.literal('location'),
    latitude: z.coerce.number().min(-90).max(90).default(23.134521),
    longitude: z.coerce.number().min(-180).max(180).default(113.358803),
    scale: z.coerce.number().int().default(20),
    label: z.string().max(200).default('广州市天河区'),
  }),
]);

/** What somebody sends from a phone: a text or a tapped word (`menuId`), a picture, a voice message, a place. */
export type Said = z.infer<typeof Said>;

/** A call's body as what is sent; a body without `type` is a text. @throws Refusal `invalid_fields` */
export function readSaid({ type = 'text', ...rest }: Readonly<Record<string, unknown>>): Said {
  const menuId = rest.menuId ?? undefined;
  const read = Said.safeParse({ ...rest, menuId, type });
  if (read.success) return read.data;
  if (type === 'text') throw invalidFields({ text: '请写要发的内容，1 到 2000 个字' });
  const name = String(read.error.issues[0]?.path[0] ?? 'type');
  throw invalidFields({ [name]: name === 'type' ? '能发 text、image、voice、location' : '这一项填得不对' });
}

/** A dot of one pixel: what a phone sends that was given no picture. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** The bytes of a picture or voice message, and what they are. */
export function fileOf(said: Extract<Said, { type: 'image' | 'voice' }>) {
  const { data = said.type === 'image' ? DOT : Buffer.from('#!AMR\n').toString('base64') } = said;
  const [, mime, base64 = data] = /^data:([\w/+.-]+);base64,(.*)$/s.exec(data) ?? [];
  const contentType = mime ?? (said.type === 'image' ? 'image/png' : `audio/${said.format}`);
  const fileName = said.fileName ?? (said.type === 'image' ? 'picture.png' : `voice.${said.format}`);
  return { type: said.type, fileName, contentType, bytes: Buffer.from(base64, 'base64') };
}
