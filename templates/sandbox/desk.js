import { send as call } from '/assets/page.js';

// Small pieces every part of the desk uses.

const ICONS = {
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M3 12h18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
};

/**
 * A line icon.
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Calls the sandbox; a refusal comes back as its sentence, a broken line as the desk's.
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<import('/assets/page.js').Answer<T>>}
 */
export async function send(method, path, body) {
  /** @type {import('/assets/page.js').Answer<T>} */
  const answer = await call(method, `/sandbox${path}`, body);
  return !answer.ok && answer.status === 0 ? { ...answer, message: document.body.dataset.away ?? '' } : answer;
}

/**
 * What this browser remembers of the desk.
 * @param {string} name
 * @param {string} [value]
 */
export function remember(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(`desk.${name}`, value);
    return localStorage.getItem(`desk.${name}`);
  } catch {
    return value ?? null;
  }
}

/**
 * Draws a part anew only when what it shows is another: what one has opened or is about to tap stays.
 * @param {HTMLElement} part
 * @param {unknown} look all it shows
 * @param {() => void} draw
 */
export function drawOnce(part, look, draw) {
  const now = JSON.stringify(look);
  if (part.dataset.look === now) return;
  part.dataset.look = now;
  draw();
}
