import { byId, find, findAll, tapped } from './dom.js';
import { send, toast } from './page.js';

// The room grid: tap free hours to book, one's own to give up, a taken one to wait for it; several at once.

/** @typedef {'add' | 'cancel' | 'wait' | 'stop'} Does */
/** @typedef {{ room: number, slot: number, name: string, does: Does }} Cell */

/** @type {readonly Does[]} */
const KINDS = ['add', 'cancel', 'wait', 'stop'];

const grid = byId('room-grid', HTMLElement);
const bar = byId('room-bar', HTMLElement);
const summary = byId('room-summary', HTMLElement);
const problem = byId('room-problem', HTMLElement);
const actions = byId('room-actions', HTMLElement);
const confirmButton = byId('room-confirm', HTMLButtonElement);
const dateInput = byId('grid-date', HTMLInputElement);
const { date } = grid.dataset;
/** What is chosen and not sent, by room and slot. @type {Map<string, Cell>} */
const chosen = new Map();

/** @param {Cell} cell */
const keyOf = ({ room, slot }) => `${room}:${slot}`;

/** The desk's table and the phone's list both hold every cell. @param {Cell} cell */
const twinsOf = ({ room, slot }) => findAll(grid, `[data-room="${room}"][data-slot="${slot}"]`, HTMLButtonElement);

/** @param {HTMLElement} button @returns {Cell} */
function cellOf({ dataset: { room, slot, name = '', does } }) {
  return { room: Number(room), slot: Number(slot), name, does: /** @type {Does} */ (does) };
}

/** @param {Does} does */
const of = (does) => [...chosen.values()].filter((cell) => cell.does === does);

/** @param {readonly Cell[]} cells */
function sayHours(cells) {
  /** @type {{ name: string, from: number, to: number }[]} */
  const runs = [];
  for (const { name, slot } of [...cells].sort((a, b) => a.room - b.room || a.slot - b.slot)) {
    const last = runs.at(-1);
    if (last && last.name === name && last.to === slot - 1) last.to = slot;
    else runs.push({ name, from: slot, to: slot });
  }
  /** @param {number} slot */
  const hour = (slot) => `${String(slot + 7).padStart(2, '0')}:00`;
  return runs.map(({ name, from, to }) => `${name} ${hour(from)}–${hour(to + 1)}`).join('、');
}

function sayChosen() {
  return KINDS.filter((does) => of(does).length > 0)
    .map((does) => `${summary.dataset[does]} ${sayHours(of(does))}`)
    .join('；');
}

function show(said = '') {
  summary.textContent = sayChosen();
  problem.textContent = said;
  problem.hidden = said === '';
  actions.hidden = chosen.size === 0;
  bar.hidden = chosen.size === 0 && said === '';
}

/** @param {Cell} cell @param {boolean} pressed */
function press(cell, pressed) {
  for (const twin of twinsOf(cell)) twin.setAttribute('aria-pressed', String(pressed));
}

/** @param {HTMLButtonElement} button */
function toggle(button) {
  const cell = cellOf(button);
  const key = keyOf(cell);
  if (!chosen.delete(key)) chosen.set(key, cell);
  press(cell, chosen.has(key));
  // What was said of the last submit would lie over the next one's button.
  find(document, '.toasts', HTMLElement).replaceChildren();
  show();
}

function clear() {
  for (const cell of chosen.values()) press(cell, false);
  chosen.clear();
  show();
}

/** On a phone one room is shown at a time. @param {string} room */
function pick(room) {
  for (const tab of findAll(grid, '[data-pick]', HTMLElement)) {
    tab.classList.toggle('on', tab.dataset.pick === room);
    tab.setAttribute('aria-pressed', String(tab.dataset.pick === room));
  }
  for (const panel of findAll(grid, '[data-panel]', HTMLElement)) panel.hidden = panel.dataset.panel !== room;
  sessionStorage.setItem('rooms-pick', room);
}

function pickAgain() {
  const room = sessionStorage.getItem('rooms-pick');
  if (room && grid.querySelector(`[data-pick="${room}"]`)) pick(room);
}

/** Draws the day anew; what was chosen stays chosen where it still means the same. */
async function redraw() {
  const answer = await fetch(`/rooms/grid?date=${date}`, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  grid.replaceChildren(...find(page, '#room-grid', HTMLElement).childNodes);
  for (const [key, cell] of chosen) {
    const [button] = twinsOf(cell);
    if (!button || button.disabled || cellOf(button).does !== cell.does) chosen.delete(key);
    else press(cell, true);
  }
  pickAgain();
}

/** @param {Does} does */
const cellsFor = (does) => of(does).map(({ room, slot }) => ({ roomId: room, slot }));

/** The calls that carry out what is chosen: bookings first, all or nothing; waiting only once they stand. */
function calls() {
  const [add, cancel, wait, stop] = [cellsFor('add'), cellsFor('cancel'), cellsFor('wait'), cellsFor('stop')];
  /** @type {{ path: string, body: unknown, does: Does[] }[]} */
  const all = [
    { path: '/rooms/grid', body: { date, add, cancel }, does: ['add', 'cancel'] },
    { path: '/rooms/waits', body: { date, cells: wait }, does: ['wait'] },
    { path: '/rooms/waits', body: { date, cells: stop, stop: true }, does: ['stop'] },
  ];
  return all.filter(({ does }) => does.some((one) => of(one).length > 0));
}

/** What is done is no longer chosen; the first refusal ends it. */
async function submit() {
  const said = sayChosen();
  confirmButton.disabled = true;
  /** @type {import('./page.js').Refused | null} */
  let refused = null;
  for (const { path, body, does } of calls()) {
    const answer = await send('POST', path, body);
    if (!answer.ok) {
      refused = answer;
      break;
    }
    for (const cell of does.flatMap(of)) chosen.delete(keyOf(cell));
  }
  confirmButton.disabled = false;
  if (refused?.status === 0) return show('网络断了，还没有保存，再按一次「确定」');
  await redraw();
  show(refused ? refused.message || '没有成功，再试一次' : '');
  if (!refused) toast(`已办好：${said}`);
}

grid.addEventListener('click', (event) => {
  const tab = tapped(event, '[data-pick]', HTMLElement);
  if (tab) return pick(tab.dataset.pick ?? '');
  const button = tapped(event, '.room-cell:not([disabled])', HTMLButtonElement);
  if (button) toggle(button);
});
byId('room-clear', HTMLElement).addEventListener('click', clear);
confirmButton.addEventListener('click', submit);
dateInput.addEventListener('change', () => dateInput.value && dateInput.form?.submit());
pickAgain();
