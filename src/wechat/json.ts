// A string (skipped whole) or a number: digits inside a string are never touched.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * Parses JSON with every integer of more than 15 digits as text: WeChat's 64-bit ids (msgid) do not survive as
 * numbers. @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)));
}
