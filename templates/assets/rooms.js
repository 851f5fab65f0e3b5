// The room grid: tap free hours to book, one's own to give up, a taken one to wait for it; several at once.
const grid = document.getElementById('room-grid');
const bar = document.getElementById('room-bar');
const summary = document.getElementById('room-summary');
const problem = document.getElementById('room-problem');
const actions = document.getElementById('room-actions');
const confirmButton = document.getElementById('room-confirm');
const dateInput = document.getElementById('grid-date');
const { date } = grid.dataset;
const chosen = new Map();
const KINDS = [
  ['add', '订'],
  ['cancel', '取消'],
  ['wait', '候补'],
  ['stop', '不再候补'],
];

const keyOf = ({ room, slot }) => `${room}:${slot}`;
// The desk's table and the phone's list both hold every cell.
const twinsOf = ({ room, slot }) => grid.querySelectorAll(`[data-room="${room}"][data-slot="${slot}"]`);
const cellOf = ({ dataset: { room, slot, name, does } }) => ({ room: Number(room), slot: Number(slot), name, does });
const of = (does) => [...chosen.values()].filter((cell) => cell.does === does);

function sayHours(cells) {
  const runs = [];
  for (const { name, slot } of [...cells].sort((a, b) => a.room - b.room || a.slot - b.slot)) {
    const last = runs.at(-1);
    if (last && last.name === name && last.to === slot - 1) last.to = slot;
    else runs.push({ name, from: slot, to: slot });
  }
  const hour = (slot) => `${String(slot + 7).padStart(2, '0')}:00`;
  return runs.map(({ name, from, to }) => `${name} ${hour(from)}–${hour(to + 1)}`).join('、');
}

function sayChosen() {
  return KINDS.filter(([does]) => of(does).length > 0)
    .map(([does, word]) => `${word} ${sayHours(of(does))}`)
    .join('；');
}

function show(said = '') {
  summary.textContent = sayChosen();
  problem.textContent = said;
  problem.hidden = said === '';
  actions.hidden = chosen.size === 0;
  bar.hidden = chosen.size === 0 && said === '';
}

function press(cell, pressed) {
  for (const twin of twinsOf(cell)) twin.setAttribute('aria-pressed', String(pressed));
}

function toggle(button) {
  const cell = cellOf(button);
  const key = keyOf(cell);
  if (!chosen.delete(key)) chosen.set(key, cell);
  press(cell, chosen.has(key));
  // What was said of the last submit would lie over the next one's button.
  document.querySelector('.toasts').replaceChildren();
  show();
}

function clear() {
  for (const cell of chosen.values()) press(cell, false);
  chosen.clear();
  show();
}

function pick(room) {
  for (const tab of grid.querySelectorAll('[data-pick]')) {
    tab.classList.toggle('on', tab.dataset.pick === room);
    tab.setAttribute('aria-pressed', String(tab.dataset.pick === room));
  }
  for (const panel of grid.querySelectorAll('[data-panel]')) panel.hidden = panel.dataset.panel !== room;
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
  grid.replaceChildren(...page.getElementById('room-grid').childNodes);
  for (const [key, cell] of chosen) {
    const [button] = twinsOf(cell);
    if (!button || button.disabled || cellOf(button).does !== cell.does) chosen.delete(key);
    else press(cell, true);
  }
  pickAgain();
}

const cellsFor = (does) => of(does).map(({ room, slot }) => ({ roomId: room, slot }));

/** Bookings first, all or nothing; waiting only once they stand. What is done is no longer chosen. */
async function send() {
  const [add, cancel, wait, stop] = KINDS.map(([does]) => cellsFor(does));
  const calls = [
    add.length + cancel.length > 0 && ['/rooms/grid', { date, add, cancel }, ['add', 'cancel']],
    wait.length > 0 && ['/rooms/waits', { date, cells: wait }, ['wait']],
    stop.length > 0 && ['/rooms/waits', { date, cells: stop, stop: true }, ['stop']],
  ].filter(Boolean);
  const said = sayChosen();
  confirmButton.disabled = true;
  let refused = null;
  for (const [path, body, done] of calls) {
    const answer = await window.xiaoxin.send('POST', path, body);
    if (!answer.ok) {
      refused = answer;
      break;
    }
    for (const cell of done.flatMap(of)) chosen.delete(keyOf(cell));
  }
  confirmButton.disabled = false;
  if (refused?.status === 0) return show('网络断了，还没有保存，再按一次「确定」');
  await redraw();
  show(refused ? (refused.body?.error?.message ?? '没有成功，再试一次') : '');
  if (!refused) window.xiaoxin.toast(`已办好：${said}`);
}

grid.addEventListener('click', (event) => {
  const tab = event.target.closest('[data-pick]');
  if (tab) return pick(tab.dataset.pick);
  const button = event.target.closest('.room-cell:not([disabled])');
  if (button) toggle(button);
});
document.getElementById('room-clear').addEventListener('click', clear);
confirmButton.addEventListener('click', send);
dateInput.addEventListener('change', () => dateInput.value && dateInput.form.submit());
pickAgain();
