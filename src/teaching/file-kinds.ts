/** The most a homework file may weigh. */
export const MOST_HOMEWORK_BYTES = 10 * 1024 * 1024;

type Kind = { mime: string; extension: string };

/** What files begin with; a name or a declared type proves nothing. */
const SIGNATURES: readonly { bytes: readonly number[]; at?: number; kind: Kind }[] = [
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], kind: { mime: 'application/pdf', extension: 'pdf' } },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], kind: { mime: 'application/msword', extension: 'doc' } },
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: { mime: 'application/zip', extension: 'zip' } },
  { bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], kind: { mime: 'application/vnd.rar', extension: 'rar' } },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], kind: { mime: 'application/x-7z-compressed', extension: '7z' } },
  { bytes: [0x1f, 0x8b], kind: { mime: 'application/gzip', extension: 'gz' } },
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], kind: { mime: 'image/png', extension: 'png' } },
  { bytes: [0xff, 0xd8, 0xff], kind: { mime: 'image/jpeg', extension: 'jpg' } },
  { bytes: [0x47, 0x49, 0x46, 0x38], kind: { mime: 'image/gif', extension: 'gif' } },
  { bytes: [0x57, 0x45, 0x42, 0x50], at: 8, kind: { mime: 'image/webp', extension: 'webp' } },
];

/** What zip-based and old Office files are called; their content alone does not tell them apart. */
const OFFICE = /\.(docx?|xlsx?|pptx?|wps|et|dps)$/i;

/**
 * What a homework file is by its content: Word, PDF, archive, picture, or text (code); null for anything else, programs
 * above all. The extension kept is the name's where it fits.
 */
export function sniffHomework(name: string, bytes: Buffer): Kind | null {
  const known = SIGNATURES.find(({ bytes: sign, at = 0 }) => sign.every((byte, index) => bytes[at + index] === byte));
  const given = /\.([a-z0-9_]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  if (known) {
    const office = OFFICE.exec(name)?.[1]?.toLowerCase();
    const isOffice = office !== undefined && ['doc', 'zip'].includes(known.kind.extension);
    return isOffice ? { ...known.kind, extension: office } : known.kind;
  }
  return isText(bytes) ? { mime: 'text/plain', extension: given ?? 'txt' } : null;
}

/** Text has no control characters but tabs and line ends; Chinese in UTF-8 or GBK alike. */
function isText(bytes: Buffer): boolean {
  return bytes.length > 0 && !bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f);
}

/** A name that can lie in a folder of any system: no separators, no control characters, not too long. */
export function safeFileName(name: string, longest = 80): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return [...plain].slice(0, longest).join('') || '未命名';
}
