import type { Contacts, KnownCustomer } from '../customers/index.ts';

type Keyed = Contacts & { name?: string };

/** One way to reach somebody as one word, so that a QQ number never meets an equal phone number. */
export function contactKeys({ qq, phone, wechat }: Keyed): string[] {
  return [qq && `q${qq}`, phone && `p${phone}`, wechat && `w${wechat}`].filter((key) => typeof key === 'string');
}

/**
 * Remembers in which row of a file each contact stood first. Kept outside the heap, twelve bytes a contact, as a file
 * may hold three hundred thousand of them.
 * @param rows how many rows will be remembered at most
 */
export function createRepeats(rows: number) {
  const places = 2 ** Math.ceil(Math.log2(Math.max(64, rows * KEYS_A_ROW * 1.5)));
  const [highs, lows, numbers] = [new Uint32Array(places), new Uint32Array(places), new Uint32Array(places)];

  /** Where a contact is, or would be put. */
  function find(key: string): { at: number; high: number; low: number } {
    const [high, low] = hash(key);
    let at = low & (places - 1);
    while (numbers[at] !== 0 && !(highs[at] === high && lows[at] === low)) at = (at + 1) & (places - 1);
    return { at, high, low };
  }

  return {
    /** The earlier rows that hold one of these contacts; empty for somebody new. */
    rowsOf: (contacts: Contacts): number[] => [
      ...new Set(contactKeys(contacts).flatMap((key) => numbers[find(key).at] || [])),
    ],
    remember: (contacts: Contacts, row: number): void => {
      for (const key of contactKeys(contacts)) {
        const { at, high, low } = find(key);
        highs[at] = high;
        lows[at] = low;
        numbers[at] = row;
      }
    },
  };
}

const KEYS_A_ROW = 3;

/** 64 bits of a text (cyrb53's mixing): two of 300,000 contacts meet once in four hundred million files. */
function hash(text: string): [high: number, low: number] {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [b >>> 0, a >>> 0];
}

/** Answers for each contact which customers of those found it belongs to. */
export function indexKnown(known: readonly KnownCustomer[]): (contacts: Contacts) => KnownCustomer[] {
  const index = new Map(known.flatMap((customer) => contactKeys(customer).map((key) => [key, customer] as const)));
  return (contacts) => [...new Set(contactKeys(contacts).flatMap((key) => index.get(key) ?? []))];
}
