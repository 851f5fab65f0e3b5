/** The most a homework file may weigh, and all of one homework together. */
export const MOST_HOMEWORK_BYTES = 10 * 1024 * 1024;
export const MOST_HOMEWORK_BYTES_IN_ALL = 30 * 1024 * 1024;
export const MOST_HOMEWORK_FILES = 9;

type Kind = { mime: string; extension: string };
type Signature = {
  bytes: readonly number[];
  at?: number;
  kind: Kind;
  /** Other endings files of this content are called by; the name's is kept where it is one of them. */
  endings?: RegExp;
  /** Too short to prove anything alone: the ending must say so too. */
  weak?: boolean;
};

const ascii = (text: string) => [...text].map((sign) => sign.charCodeAt(0));
const kind = (mime: string, extension: string): Kind => ({ mime, extension });

/** What zip-based and old Office files are called; their content alone does not tell them apart. */
const ZIPPED = /^(docx|xlsx|pptx|wps|et|dps|odt|ods|odp|pages|numbers|key|xmind|vsdx|epub|sb3)$/;
const OLD_OFFICE = /^(doc|xls|ppt|wps|et|dps|vsd|mpp)$/;

/** What files begin with; a name or a declared type proves nothing. What is not here and is no text is not taken. */
const SIGNATURES: readonly Signature[] = [
  { bytes: ascii('%PDF-'), kind: kind('application/pdf', 'pdf') },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    kind: kind('application/msword', 'doc'),
    endings: OLD_OFFICE,
  },
  // Archives.
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: kind('application/zip', 'zip'), endings: ZIPPED },
  { bytes: [0x50, 0x4b, 0x05, 0x06], kind: kind('application/zip', 'zip') },
  { bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], kind: kind('application/vnd.rar', 'rar') },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], kind: kind('application/x-7z-compressed', '7z') },
  { bytes: [0x1f, 0x8b, 0x08], kind: kind('application/gzip', 'gz'), endings: /^tgz$/ },
  { bytes: ascii('BZh'), kind: kind('application/x-bzip2', 'bz2'), endings: /^tbz2?$/, weak: true },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], kind: kind('application/x-xz', 'xz'), endings: /^txz$/ },
  { bytes: ascii('ustar'), at: 257, kind: kind('application/x-tar', 'tar') },
  // Pictures.
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], kind: kind('image/png', 'png') },
  { bytes: [0xff, 0xd8, 0xff], kind: kind('image/jpeg', 'jpg'), endings: /^(jpeg|jpe|jfif)$/ },
  { bytes: ascii('GIF8'), kind: kind('image/gif', 'gif') },
  { bytes: ascii('WEBP'), at: 8, kind: kind('image/webp', 'webp') },
  { bytes: [0x49, 0x49, 0x2a, 0x00], kind: kind('image/tiff', 'tif'), endings: /^(tiff|dng)$/ },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], kind: kind('image/tiff', 'tif'), endings: /^(tiff|dng)$/ },
  { bytes: ascii('8BPS'), kind: kind('image/vnd.adobe.photoshop', 'psd') },
  { bytes: ascii('BM'), kind: kind('image/bmp', 'bmp'), weak: true },
  // Sound and film.
  { bytes: ascii('ID3'), kind: kind('audio/mpeg', 'mp3') },
  { bytes: ascii('WAVE'), at: 8, kind: kind('audio/wav', 'wav') },
  { bytes: ascii('AVI '), at: 8, kind: kind('video/x-msvideo', 'avi') },
  { bytes: ascii('OggS'), kind: kind('audio/ogg', 'ogg'), endings: /^(oga|ogv|opus)$/ },
  { bytes: ascii('fLaC'), kind: kind('audio/flac', 'flac') },
  { bytes: ascii('#!AMR'), kind: kind('audio/amr', 'amr') },
  { bytes: [0x1a, 0x45, 0xdf, 0xa3], kind: kind('video/x-matroska', 'mkv'), endings: /^webm$/ },
  {
    bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11],
    kind: kind('video/x-ms-asf', 'wmv'),
    endings: /^(wma|asf)$/,
  },
  { bytes: ascii('FLV'), kind: kind('video/x-flv', 'flv'), weak: true },
  { bytes: [0x00, 0x00, 0x01, 0xba], kind: kind('video/mpeg', 'mpg'), endings: /^(mpeg|vob)$/ },
];

/** What stands behind `ftyp` in the files of phones: pictures, sound and film share one container. */
const BRANDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(hei[cxms]|hev[cxms]|mif1|msf1)/, kind('image/heic', 'heic')],
  [/^avi[fs]/, kind('image/avif', 'avif')],
  [/^(M4A|M4B)/, kind('audio/mp4', 'm4a')],
  [/^qt/, kind('video/quicktime', 'mov')],
  [/^(3g[pe2]|3g2)/, kind('video/3gpp', '3gp')],
  [/^(isom|iso[2-9]|mp4[12]|avc1|dash|M4V|MSNV|mmp4|f4v)/, kind('video/mp4', 'mp4')],
];

/** Endings that a double click runs. Never taken, whatever is inside. Code that needs a program to read it is homework. */
const RUNS =
  /^(exe|com|scr|pif|bat|cmd|msi|msp|mst|msix|msixbundle|appx|appxbundle|dll|ocx|sys|drv|cpl|lnk|hta|jse|vbs|vbe|wsf|wsh|wsc|ws|ps1|ps1xml|psm1|psd1|reg|inf|scf|url|gadget|jar|jnlp|apk|aab|xapk|ipa|dmg|pkg|app|deb|rpm|run|appimage|command|desktop|chm|hlp|iso|img|vhd|vhdx|xll|xlam|xla|ppam|mde|ade|application|msc|cab|crx|xpi|out|elf|so|dylib|class|pyc|workflow|action|cpgz)$/;

/**
 * What a homework file is, by its content; null where it is none of what is taken: no programs above all, by what they
 * begin with or by their ending. The extension kept is the name's where it fits.
 */
export function sniffHomework(name: string, bytes: Buffer): Kind | null {
  const given = endingOf(name);
  if (given !== null && RUNS.test(given)) return null;
  const known = SIGNATURES.find(({ bytes: sign, at = 0, weak, kind: { extension }, endings }) => {
    const fits = sign.every((byte, index) => bytes[at + index] === byte);
    return fits && (!weak || given === extension || (given !== null && endings?.test(given)));
  });
  if (known) return given !== null && known.endings?.test(given) ? { ...known.kind, extension: given } : known.kind;
  if (bytes.subarray(4, 8).equals(Buffer.from('ftyp'))) {
    const brands = bytes.subarray(8, 12).toString('latin1');
    return BRANDS.find(([brand]) => brand.test(brands))?.[1] ?? null;
  }
  // An MP3 or AAC without a tag begins with twelve set bits only: the ending must agree.
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 && (given === 'mp3' || given === 'aac'))
    return kind(given === 'mp3' ? 'audio/mpeg' : 'audio/aac', given);
  return isText(bytes) ? kind('text/plain', given ?? 'txt') : null;
}

/** The last ending as a system that opens the file reads it: dots and blanks behind it do not count. Lower case, or null. */
function endingOf(name: string): string | null {
  const plain = name.replace(/[\p{Cc}\p{Cf}]/gu, '').replace(/[.\s]+$/, '');
  return /\.([a-z0-9_]{1,16})$/i.exec(plain)?.[1]?.toLowerCase() ?? null;
}

/** Text has no control characters but tabs and line ends; Chinese in UTF-8, GBK or UTF-16 with its mark alike. */
function isText(bytes: Buffer): boolean {
  if (bytes.length === 0 || isProgram(bytes)) return false;
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return bytes.length % 2 === 0;
  return !bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f);
}

/** A Windows program: what follows its two letters is no letter. Most hold control characters too, a packed one may not. */
function isProgram(bytes: Buffer): boolean {
  return bytes[0] === 0x4d && bytes[1] === 0x5a && (bytes[2] ?? 0x20) > 0x7e;
}

/** A name that can lie in a folder of any system: no separators, no control characters, not too long. */
export function safeFileName(name: string, longest = 80): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return [...plain].slice(0, longest).join('') || '未命名';
}
