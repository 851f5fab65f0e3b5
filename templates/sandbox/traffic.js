import { h } from '/assets/dom.js';
import { send } from './desk.js';
import { CALLS, PUSHES } from './names.js';

const KEPT = 150;

/** @type {Record<string, string>} */
const STATES = { lost: '丢了', 'answer lost': '答复丢了', timeout: '没等到', unreachable: '连不上' };

/** @typedef {import('./feed.js').Exchange} Exchange */

/**
 * 「平台看到的」: each request and push, newest first; its contents on demand, sealed ones opened by one more tap.
 * @param {HTMLElement} root
 */
export function createTraffic(root) {
  let last = 0;
  const list = h('ol', { class: 'exchanges' });
  const empty = h('p', { class: 'quiet' }, '学校和平台之间还没有来往。');
  root.append(empty, list);

  return {
    get last() {
      return last;
    },
    /** @param {readonly Exchange[]} rows @param {readonly import('./feed.js').Phone[]} phones */
    update(rows, phones) {
      const names = new Map(phones.map(({ openid, name }) => [openid, name]));
      for (const row of rows) {
        if (list.querySelector(`[data-id="${row.id}"]`)) continue;
        // What was noted late takes its place among the others.
        const older = [...list.children].find(
          (shown) => Number(/** @type {HTMLElement} */ (shown).dataset.id) < row.id,
        );
        list.insertBefore(line(row, names.get(row.openid ?? '')), older ?? null);
        last = Math.max(last, row.id);
      }
      empty.hidden = list.childElementCount > 0;
      while (list.childElementCount > KEPT) list.lastElementChild?.remove();
    },
  };

  /** @param {Exchange} row @param {string | undefined} who */
  function line(row, who) {
    const isPush = row.direction === 'push';
    const isGood = row.status === 'ok';
    const box = h(
      'details',
      {},
      h(
        'summary',
        {},
        h('time', {}, row.at.slice(11, 19)),
        h('span', { class: `way ${row.direction}` }, isPush ? '平台 → 学校' : '学校 → 平台'),
        h('span', { class: 'what' }, nameOf(row), who && h('small', {}, who)),
        h('span', { class: isGood ? 'mark good' : 'mark bad' }, isGood ? '成' : (STATES[row.status] ?? row.status)),
      ),
    );
    box.addEventListener('toggle', () => open(box, row), { once: true });
    return h('li', { 'data-id': row.id }, box);
  }

  /** @param {HTMLElement} box @param {Exchange} row */
  async function open(box, row) {
    /** @type {import('/assets/page.js').Answer<import('./feed.js').Contents>} */
    const answer = await send('GET', `/traffic/${row.id}`);
    if (!answer.ok) return box.append(h('p', { class: 'quiet' }, answer.message));
    const { request, response } = answer.body;
    box.append(
      h(
        'p',
        { class: 'path' },
        row.direction === 'push' ? `POST /wechat/callback · 第 ${request.try} 次` : `${request.method} ${row.name}`,
      ),
      ...(row.direction === 'push'
        ? [sealed('推送', request.body, request.plain), sealed('回复', response.body, response.plain)]
        : [content('问', shown({ ...request.query, ...asObject(request.body) })), content('答', shown(response))]),
    );
  }

  /** Sealed as it went over the wire; opened by a tap. @param {string} title @param {unknown} body @param {string | null | undefined} plain */
  function sealed(title, body, plain) {
    const closed = typeof body === 'string' ? body : '';
    const text = h('pre', {}, closed || '（没有内容）');
    if (!plain) return h('div', { class: 'content' }, h('h4', {}, title), text);
    let isOpen = false;
    const button = h('button', { type: 'button', onclick: turn }, '解密');
    function turn() {
      isOpen = !isOpen;
      text.textContent = isOpen ? indent(plain ?? '') : closed;
      button.textContent = isOpen ? '看密文' : '解密';
    }
    return h('div', { class: 'content' }, h('h4', {}, title, button), text);
  }
}

/** What an exchange is called: the platform's path or event where it has no plain name. @param {Exchange} row */
function nameOf({ direction, name }) {
  return (direction === 'push' ? PUSHES[name] : CALLS[name]) ?? name;
}

/** @param {string} title @param {string} text */
function content(title, text) {
  return h('div', { class: 'content' }, h('h4', {}, title), h('pre', {}, text));
}

/** @param {unknown} body */
function asObject(body) {
  return typeof body === 'object' && body !== null ? body : body ? { body } : {};
}

/** @param {unknown} value */
function shown(value) {
  return JSON.stringify(value, null, 2);
}

/** Each element of a push on a line of its own. @param {string} xml */
function indent(xml) {
  return xml.replace(/></g, '>\n<');
}
