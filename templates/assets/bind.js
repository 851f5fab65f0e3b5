import { byId, findAll } from './dom.js';
import { send } from './page.js';

// The binding page: shows a code, asks every other second how far it is, and turns into 已绑定 by itself.

const box = byId('bind', HTMLElement);
const states = ['done', 'code', 'over'].map((name) => byId(`bind-${name}`, HTMLElement));
const picture = byId('bind-qr', HTMLImageElement);
const left = byId('bind-left', HTMLElement);
const why = byId('bind-why', HTMLElement);
let asking = 0;

/** @param {'done' | 'code' | 'over'} name */
function show(name) {
  for (const state of states) state.hidden = state.id !== `bind-${name}`;
}

/** @param {string} text */
function end(text) {
  why.textContent = text;
  show('over');
}

function done() {
  show('done');
  box.dataset.bound = '1';
  document.getElementById('bind-gone')?.remove();
  document.querySelector('.side-bind')?.remove();
}

async function begin() {
  const mine = ++asking;
  picture.hidden = true;
  left.textContent = '正在取二维码';
  show('code');
  /** @type {import('./page.js').Answer<{ id: string, qrUrl: string, expiresIn: number }>} */
  const ticket = await send('POST', '/bind/ticket', {});
  if (mine !== asking) return;
  if (!ticket.ok)
    return end(ticket.status === 0 ? '网络断了，连上以后再试' : ticket.message || '二维码没有取到，再试一次');
  picture.src = ticket.body.qrUrl;
  picture.hidden = false;
  // Counted from now: this machine's clock may be wrong.
  const until = performance.now() + ticket.body.expiresIn * 1000;
  while (mine === asking) {
    const minutes = Math.ceil((until - performance.now()) / 60_000);
    left.textContent = minutes > 0 ? `${minutes} 分钟内有效` : '正在等结果';
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (mine !== asking) return;
    const { state, reason } = await stateOf(ticket.body.id);
    if (mine !== asking) return;
    if (state === 'signedOut') return end('登录过期了，刷新后重新登录');
    if (state === 'bound') return done();
    if (state === 'refused') return end(reason ?? '没有绑上，换一个二维码再试');
    if (state === 'expired') return end('二维码过期了');
  }
}

/**
 * How far a code is; a broken line is waited out.
 * @param {string} id
 * @returns {Promise<{ state: string, reason?: string }>}
 */
async function stateOf(id) {
  /** @type {import('./page.js').Answer<{ state: string, reason?: string }>} */
  const answer = await send('GET', `/bind/ticket/${id}`);
  if (answer.ok) return answer.body;
  if (answer.status === 401) return { state: 'signedOut' };
  return { state: answer.status === 404 ? 'expired' : 'waiting' };
}

for (const button of findAll(box, '[data-bind="again"]', HTMLElement)) button.addEventListener('click', begin);
if (box.dataset.bound === '0') begin();
