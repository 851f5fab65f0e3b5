// A string (skipped whole) or a number: digits inside a string are never touched.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the platform passes on what people pasted, raw
const CONTROL = /[\u0000-\u001F]/g;
// What JSON can only write as \uXXXX: controls but the line break and the tab, and halves of a surrogate pair.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const ESCAPED = /[\u0000-\u0008\u000B-\u001F\u007F]|\p{Surrogate}/gu;

/**
 * Parses the platform's JSON: every integer of more than 15 digits as text, because 64-bit ids (msgid) do not survive as
 * numbers; a byte order mark and raw control characters inside strings are tolerated. @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const clean = text.replace(/^\uFEFF/, '').replace(STRING_OR_NUMBER, (token) => {
    if (token.startsWith('"')) return token.replace(CONTROL, escapeControl);
    return LONG_INTEGER.test(token) ? `"${token}"` : token;
  });
  return JSON.parse(clean);
}

/**
 * Writes JSON for the platform, which takes raw UTF-8 only and refuses a whole message for one \uXXXX (40033): what
 * nobody sees anyway is left out.
 */
export function writeJson(body: object): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(ESCAPED, '') : value,
  );
}

function escapeControl(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
