/** What each type of template field takes (wechat-platform.md §3, template value rules). */
const RULES: Readonly<Record<string, (value: string) => boolean>> = {
  thing: (v) => [...v].length <= 20,
  character_string: (v) => /^[\x20-\x7E]{1,32}$/.test(v),
  time: (v) => isRangeOf(v, isTime),
  date: (v) => isRangeOf(v, isDate),
  number: (v) => /^-?\d{1,32}(\.\d+)?$/.test(v) && v.replace(/\D/g, '').length <= 32,
  letter: (v) => /^[A-Za-z]{1,32}$/.test(v),
  symbol: (v) => /^[^\p{L}\p{N}\s]{1,5}$/u.test(v),
  amount: (v) => /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u.test(v),
  phone_number: (v) => /^[\d+\-() ]{1,17}$/.test(v),
  car_number: (v) => [...v].length <= 8,
  name: (v) => (/\p{Script=Han}/u.test(v) ? [...v].length <= 10 : [...v].length <= 20),
  phrase: (v) => /^\p{Script=Han}{1,5}$/u.test(v),
  const: (v) => [...v].length <= 20,
};

const CLOCK = String.raw`([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?`;
const DAY = String.raw`(\d{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12]\d|3[01])日|\d{4}[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12]\d|3[01]))`;
const TIME = new RegExp(`^(${DAY} ?)?${CLOCK}$`);
const DATE = new RegExp(`^${DAY}( ?${CLOCK})?$`);

/** Whether the platform takes a value in the field of that name; `keywordN` and unknown types take any text. */
export function isTemplateValue(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  if (/[\r\n]/.test(value)) return false;
  const type = /^(.+?)\d*$/.exec(name)?.[1] ?? name;
  return RULES[type]?.(value) ?? true;
}

function isTime(value: string): boolean {
  return TIME.test(value);
}

function isDate(value: string): boolean {
  return DATE.test(value);
}

function isRangeOf(value: string, isOne: (part: string) => boolean): boolean {
  const parts = value.split('~').map((part) => part.trim());
  return parts.length <= 2 && parts.every(isOne);
}
