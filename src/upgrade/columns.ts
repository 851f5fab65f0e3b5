import { Qq, WechatId } from '../kernel/normal/fields.ts';
import { normalName } from '../kernel/normal/name.ts';
import { readPhone } from '../kernel/normal/phone.ts';
import { halfWidth, oneLine } from '../kernel/normal/text.ts';

/** A column whose texts have a normal form. */
export type Column = {
  table: 'Customer' | 'Person' | 'Department' | 'Course' | 'Campus' | 'Room';
  column: string;
  /** The text in its form; null where it is none that could be kept, and stays as it is. */
  normal(stored: string): string | null;
  /** What SQL can tell to be in its form already, as a regular expression: the rest is read. */
  sound: string;
  /** Each text belongs to one row only. */
  unique?: true;
  /** The rows carry `version` and `updatedAt`. */
  versioned?: true;
};

const PLAIN = '^[!-~一-鿿]*$';
const name = { normal: normalName, sound: PLAIN };
const line = { normal: (stored: string) => halfWidth(oneLine(stored)), sound: PLAIN };
const phone = {
  // A remark has no place where only the number is kept: such a row waits for whoever edits it.
  normal: (stored: string) => {
    const read = readPhone(stored);
    return 'phone' in read && read.memo.length === 0 ? read.phone : null;
  },
  sound: String.raw`^(1[3-9]\d{9}|0\d{2,3}-\d{7,8}(-\d{1,6})?|[48]00\d{7}|\+\d{8,15})$`,
};
const customer = { table: 'Customer', versioned: true } as const;

/** Every column that new rows keep in a normal form. */
export const COLUMNS: readonly Column[] = [
  { ...customer, column: 'name', ...name },
  { ...customer, column: 'phone', ...phone, unique: true },
  {
    ...customer,
    column: 'qq',
    normal: (stored) => Qq.safeParse(stored).data ?? null,
    sound: '^[1-9][0-9]{4,11}$',
    unique: true,
  },
  {
    ...customer,
    column: 'wechat',
    normal: (stored) => WechatId.safeParse(stored).data ?? null,
    sound: '^[a-z][a-z0-9_-]{5,19}$',
    unique: true,
  },
  ...['graduationSchool', 'major', 'company', 'salary'].map((column) => ({ ...customer, column, ...line })),
  { table: 'Person', column: 'name', ...name, versioned: true },
  { table: 'Person', column: 'phone', ...phone, versioned: true },
  { table: 'Department', column: 'title', ...name },
  { table: 'Course', column: 'name', ...name, unique: true },
  { table: 'Campus', column: 'name', ...name, unique: true },
  { table: 'Room', column: 'name', ...name, unique: true },
];
