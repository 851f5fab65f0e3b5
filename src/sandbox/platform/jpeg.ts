// A JPEG of nothing but black and white squares of 8 by 8 points, which is all a QR code needs: each square is one block
// of the format, and a flat block is its first coefficient alone.

const BLOCK = 8;
/** The first coefficient is eight times the brightness; divided by this it is the brightness itself, from -128 on. */
const QUANTUM = 8;
const BLACK = -128;
const WHITE = 127;
/** How many bits a difference may take, each with a code of two bits: none, the first white one, 255 up or down. */
const CATEGORIES = [0, 7, 8];

const END_OF_BLOCK = '00';

/** Draws squares as a grey JPEG; `isDark` says which. `size` squares a side. */
export function drawJpeg(size: number, isDark: (x: number, y: number) => boolean): Buffer {
  const side = size * BLOCK;
  const picture = [
    marker(0xd8),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(QUANTUM)]),
    segment(0xc0, [8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, 0, CATEGORIES.length, ...Array<number>(14).fill(0), ...CATEGORIES]), // 00, 01, 10
    segment(0xc4, [0x10, 0, 1, ...Array<number>(14).fill(0), 0]), // one code, 00: the block ends here
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    squares(size, isDark),
    marker(0xd9),
  ];
  return Buffer.concat(picture);
}

function squares(size: number, isDark: (x: number, y: number) => boolean): Buffer {
  let bits = '';
  let before = 0;
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const level = isDark(x, y) ? BLACK : WHITE;
      bits += coded(level - before) + END_OF_BLOCK;
      before = level;
    }
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return Buffer.from(bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte])));
}

/** A difference: the code of its category, then its bits; one below zero is written from the other end. */
function coded(difference: number): string {
  const category = 32 - Math.clz32(Math.abs(difference));
  const name = CATEGORIES.indexOf(category).toString(2).padStart(2, '0');
  if (category === 0) return name;
  const value = difference > 0 ? difference : difference + 2 ** category - 1;
  return name + value.toString(2).padStart(category, '0');
}

function marker(name: number): Buffer {
  return Buffer.from([0xff, name]);
}

function segment(name: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.concat([marker(name), Buffer.from([length >> 8, length & 255, ...content])]);
}
