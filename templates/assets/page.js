import { h } from './dom.js';

// What a page's modules share: calls of our own addresses, a word in passing, a question.

/** The session's token, which every write carries; empty where nobody is signed in. */
export const csrf = document.querySelector('meta[name="csrf-token"]')?.getAttribute('content') ?? '';

/**
 * @typedef {{ ok: false, status: number, message: string, fields: Record<string, string> }} Refused
 *   `status` is 0 where the line broke; `message` is empty where the answer had none
 */

/**
 * What a call brought.
 * @template T
 * @typedef {{ ok: true, status: number, body: T } | Refused} Answer
 */

/**
 * Calls one of our addresses with JSON; never throws.
 * @template T
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<Answer<T>>}
 */
export async function send(method, url, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json', 'x-csrf-token': csrf };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await read(await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) }));
  } catch {
    return { ok: false, status: 0, message: '网络断了，稍后再试', fields: {} };
  }
}

/**
 * Reads an answer of ours; what is neither JSON nor empty throws, as a broken line does.
 * @template T
 * @param {Response} answer
 * @returns {Promise<Answer<T>>}
 */
export async function read(answer) {
  const text = await answer.text();
  const { ok, status } = answer;
  if (ok) return { ok, status, body: /** @type {T} */ (text ? JSON.parse(text) : null) };
  /** @type {{ error?: Partial<Refused> } | null} */
  const body = text ? JSON.parse(text) : null;
  return { ok, status, message: body?.error?.message ?? '', fields: body?.error?.fields ?? {} };
}

/**
 * Says something in passing.
 * @param {string} message
 * @param {'' | 'bad'} [tone] 'bad' for what went wrong
 */
export function toast(message, tone = '') {
  const box = h('div', { class: `toast ${tone}` }, message);
  document.querySelector('.toasts')?.append(box);
  setTimeout(() => box.remove(), 4000);
}

/**
 * Asks before what cannot be undone; resolves to whether it was meant.
 * @param {string} question
 * @param {string} yes what the button that does it says
 * @returns {Promise<boolean>}
 */
export function ask(question, yes) {
  const dialog = h(
    'dialog',
    { class: 'ask' },
    h('p', {}, question),
    h(
      'form',
      { method: 'dialog', class: 'row' },
      h('button', { class: 'button quiet' }, '取消'),
      h('button', { class: 'button danger', value: 'yes' }, yes),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
  });
}

/**
 * The line above a page's work that says how it stands; without text it goes.
 * @param {HTMLElement} note
 * @param {string} text
 * @param {'' | 'warn' | 'bad'} [tone]
 */
export function say(note, text, tone = '') {
  note.textContent = text;
  note.className = `alert ${tone}`;
  note.hidden = text === '';
}
