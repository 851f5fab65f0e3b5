import { randomBytes } from 'node:crypto';
import QRCode from 'qrcode';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import { drawJpeg } from './jpeg.ts';

const MAX_EXPIRE_SECONDS = 2_592_000;
const DEFAULT_EXPIRE_SECONDS = 30;
/** The quiet zone around a code, in its own squares. */
const MARGIN = 4;
const MAX_SCENE_ID = 4_294_967_295;
const MAX_PERMANENT_ID = 100_000;
const MAX_PERMANENT_CODES = 100_000;

const Create = z.object({
  action_name: z.string().default(''),
  expire_seconds: z.coerce.number().int().positive().optional(),
  action_info: z
    .object({
      scene: z.object({ scene_str: z.unknown().optional(), scene_id: z.unknown().optional() }).optional(),
    })
    .optional(),
});

const Kept = z.object({ scene: z.string(), url: z.string() });

/** A parametric QR code: the scene its scan brings. `expiresAt` is null for permanent ones, on the wall clock. */
export type QrCode = { ticket: string; scene: string; url: string; createdAt: Date; expiresAt: Date | null };

/** Parametric QR codes: made by the account, shown on screens, scanned by phones. */
export function createQrCodes({ prisma }: SandboxParts) {
  const calls: ApiCall[] = [withToken('POST', '/cgi-bin/qrcode/create', create)];
  return { calls, find, listAlive, draw };

  async function create(request: ApiRequest) {
    const body = readBody(request, Create);
    const isPermanent = /^QR_LIMIT_(STR_)?SCENE$/.test(body.action_name);
    if (!isPermanent && !/^QR_(STR_)?SCENE$/.test(body.action_name)) {
      throw new PlatformError(40052, 'invalid action name');
    }
    const scene = sceneOf(body);
    const seconds = body.expire_seconds ?? DEFAULT_EXPIRE_SECONDS;
    if (!isPermanent && seconds > MAX_EXPIRE_SECONDS) throw new PlatformError(40053, 'invalid expire_seconds');
    if (isPermanent && (await countPermanent()) >= MAX_PERMANENT_CODES) {
      throw new PlatformError(45029, 'qrcode count out of limit');
    }
    const now = wallNow();
    const ticket = `gQ${randomBytes(70).toString('base64')}`;
    const url = `http://weixin.qq.com/q/02${randomBytes(16).toString('base64url')}`;
    await prisma.sandboxItem.create({
      data: {
        key: keyOf(ticket),
        kind: 'qr',
        value: { scene, url },
        createdAt: new Date(now),
        expiresAt: isPermanent ? null : new Date(now + seconds * 1000),
      },
    });
    return { ticket, ...(isPermanent ? {} : { expire_seconds: seconds }), url };
  }

  /** The code behind a ticket, expired or not; null where there is none. */
  async function find(ticket: string): Promise<QrCode | null> {
    const row = await prisma.sandboxItem.findUnique({ where: { key: keyOf(ticket) } });
    return row?.kind === 'qr' ? codeOf(row) : null;
  }

  /** The codes a camera could still read, newest first. */
  async function listAlive(limit = 20): Promise<QrCode[]> {
    const rows = await prisma.sandboxItem.findMany({
      where: { kind: 'qr', OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(wallNow()) } }] },
      orderBy: { createdAt: 'desc' },
      take: limit,
    });
    return rows.map(codeOf);
  }

  /** The picture of a code, JPEG as the platform's; null for an unknown ticket. */
  async function draw(ticket: string): Promise<Buffer | null> {
    // A client that does not escape the ticket asks with its + read as a blank.
    const code = await find(ticket.replaceAll(' ', '+'));
    if (!code) return null;
    const { modules } = QRCode.create(code.url, { errorCorrectionLevel: 'M' });
    const isDark = (x: number, y: number) =>
      x >= 0 && y >= 0 && x < modules.size && y < modules.size && modules.get(y, x) === 1;
    return drawJpeg(modules.size + 2 * MARGIN, (x, y) => isDark(x - MARGIN, y - MARGIN));
  }

  function countPermanent(): Promise<number> {
    return prisma.sandboxItem.count({ where: { kind: 'qr', expiresAt: null } });
  }
}

function sceneOf({ action_name, action_info }: z.infer<typeof Create>): string {
  const scene = action_info?.scene;
  if (!scene) return '0'; // the platform says nothing and gives key 0
  if (/STR/.test(action_name)) {
    const text = scene.scene_str;
    if (typeof text !== 'string' || text.length < 1 || text.length > 64) {
      throw new PlatformError(40053, 'invalid action info, scene_str takes 1 to 64 characters');
    }
    return text;
  }
  const id = Number(scene.scene_id);
  const max = action_name === 'QR_LIMIT_SCENE' ? MAX_PERMANENT_ID : MAX_SCENE_ID;
  if (!Number.isInteger(id) || id < 1 || id > max) throw new PlatformError(40053, 'invalid action info, scene_id');
  return String(id);
}

function codeOf(row: { key: string; value: unknown; createdAt: Date; expiresAt: Date | null }): QrCode {
  const { createdAt, expiresAt } = row;
  return { ticket: row.key.slice(keyOf('').length), ...Kept.parse(row.value), createdAt, expiresAt };
}

function keyOf(ticket: string): string {
  return `qr:${ticket}`;
}
