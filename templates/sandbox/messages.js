import { h } from '/assets/dom.js';

// How a conversation looks: bubbles, cards, quiet lines.

const QUIET_MS = 5 * 60_000;

/** @typedef {import('./feed.js').Message} Message */
/** @typedef {import('./feed.js').Part} Part */
/** @typedef {{ open: (url: string) => void, say: (text: string, menuId: string) => void }} Taps */

/**
 * One message, with the time above it where it was quiet before.
 * @param {Message} message
 * @param {Message | undefined} before
 * @param {Taps} taps
 */
export function showMessage(message, before, taps) {
  const pieces = document.createDocumentFragment();
  if (!before || Math.abs(Date.parse(message.at) - Date.parse(before.at)) > QUIET_MS) {
    pieces.append(h('p', { class: 'when' }, whenOf(message.at)));
  }
  pieces.append(body(message, taps));
  return pieces;
}

/** @param {Message} message @param {Taps} taps */
function body(message, taps) {
  if (message.type === 'event' || message.type === 'system') return h('p', { class: 'quiet' }, message.text ?? '');
  if (message.type === 'template') return templateCard(message, taps);
  if (message.type === 'news') return newsCard(message, taps);
  const parts = message.parts ?? [{ text: message.text ?? `[${message.type}]` }];
  const bubble = h('div', { class: 'bubble' }, ...parts.map((part) => partOf(part, taps)));
  const face = message.chat === 'bot' ? '助' : '校';
  return message.direction === 'out'
    ? h('div', { class: 'line out' }, bubble)
    : h('div', { class: 'line in' }, h('span', { class: 'face', 'aria-hidden': 'true' }, face), bubble);
}

/** @param {Part} part @param {Taps} taps */
function partOf(part, taps) {
  if ('text' in part) return part.text;
  const tap = 'url' in part ? () => taps.open(part.url) : () => taps.say(part.say, part.menuId);
  return h('button', { type: 'button', class: 'link', onclick: tap }, part.label);
}

/** @param {Message} message @param {Taps} taps */
function templateCard({ title = '', url = '', fields = [] }, taps) {
  const list = h('dl', {}, ...fields.flatMap(({ label, value }) => [h('dt', {}, label), h('dd', {}, value)]));
  const inside = [h('h3', {}, title), list, url && h('p', { class: 'more' }, '查看详情', h('span', {}, '›'))];
  return url
    ? h('button', { type: 'button', class: 'card', onclick: () => taps.open(url) }, ...inside)
    : h('div', { class: 'card' }, ...inside);
}

/** @param {Message} message @param {Taps} taps */
function newsCard({ articles = [] }, taps) {
  const cards = articles.map(({ title, description, url }) =>
    h(
      'button',
      { type: 'button', class: 'card', onclick: () => taps.open(url) },
      h('h3', {}, title),
      h('p', { class: 'about' }, description),
      h('p', { class: 'more' }, '查看详情', h('span', {}, '›')),
    ),
  );
  return h('div', { class: 'cards' }, ...cards);
}

/** @param {string} at ISO with the school's offset */
function whenOf(at) {
  return `${at.slice(5, 10)} ${at.slice(11, 16)}`;
}
