import { byId, find, findAll } from '/assets/dom.js';
import { createClock } from './clock.js';
import { remember, send } from './desk.js';
import { createFaults } from './faults.js';
import { createPhone } from './phone.js';
import { createTraffic } from './traffic.js';

// The desk: asks every second what is new, while it is looked at, and hands it to its parts.

const EVERY_MS = 1000;

const desk = byId('desk', HTMLElement);
const switcher = byId('switcher', HTMLElement);

const phones = findAll(document, '.phone', HTMLElement).map((root, slot) => createPhone(root, slot, refresh));
const traffic = createTraffic(byId('traffic', HTMLElement));
const onBadge = byId('faults-on', HTMLElement);
const faults = createFaults(byId('faults', HTMLElement), (text) => {
  onBadge.textContent = text;
  onBadge.hidden = text === '';
});
const clock = createClock(
  {
    face: byId('clock-now', HTMLElement),
    state: byId('clock-state', HTMLElement),
    buttons: byId('clock-buttons', HTMLElement),
  },
  refresh,
);

/** The conversations that are shown, and up to which message each is known. */
let known = { openids: '', after: [0, 0] };
let asking = false;
let wanted = false;

async function ask() {
  const shown = phones.map((phone) => phone.openid);
  const openids = shown.join();
  if (openids !== known.openids) known = { openids, after: [0, 0] };
  /** @type {import('/assets/page.js').Answer<import('./feed.js').Feed>} */
  const answer = await send('GET', `/feed?openids=${openids}&after=${known.after}&traffic=${traffic.last}`);
  document.body.classList.toggle('away', !answer.ok);
  if (!answer.ok) return;
  const { body } = answer;
  for (const { openid, id } of body.messages) {
    const slot = shown.indexOf(openid);
    known.after[slot] = Math.max(known.after[slot] ?? 0, id);
  }
  phones.forEach((phone, slot) => {
    phone.update(body, phones[1 - slot]?.openid ?? '');
  });
  nameSwitcher(body.phones);
  traffic.update(body.traffic, body.phones);
  faults.update(body.faults);
  clock.update(body.clock);
  // A phone that has just been chosen has its conversation still to come.
  if (phones.map((phone) => phone.openid).join() !== openids) wanted = true;
}

/** On a small screen the phones are told apart by who holds them. @param {{ openid: string, name: string }[]} all */
function nameSwitcher(all) {
  phones.forEach((phone, slot) => {
    const button = find(switcher, `[data-view=phone-${slot}]`, HTMLElement);
    button.textContent = all.find(({ openid }) => openid === phone.openid)?.name ?? `手机 ${slot + 1}`;
  });
}

/** One question at a time; what is wanted meanwhile is asked right after. */
async function refresh() {
  if (asking) {
    wanted = true;
    return;
  }
  asking = true;
  do {
    wanted = false;
    await ask();
  } while (wanted);
  asking = false;
}

/** @param {string} view */
function look(view) {
  desk.dataset.view = view;
  document.body.dataset.view = view;
  remember('view', view);
  for (const button of findAll(switcher, 'button', HTMLElement)) {
    button.setAttribute('aria-pressed', String(button.dataset.view === view));
  }
}

switcher.addEventListener('click', (event) => {
  const view = event.target instanceof HTMLElement ? event.target.dataset.view : undefined;
  if (view) look(view);
});
look(remember('view') ?? 'phone-0');

const tabs = findAll(document, '[role=tab]', HTMLElement);
for (const tab of tabs) {
  tab.addEventListener('click', () => {
    for (const each of tabs) {
      const isIt = each === tab;
      each.setAttribute('aria-selected', String(isIt));
      byId(each.getAttribute('aria-controls') ?? '', HTMLElement).hidden = !isIt;
    }
  });
}

const intro = find(document, '.intro', HTMLDetailsElement);
if (remember('intro') === 'closed') intro.open = false;
intro.addEventListener('toggle', () => remember('intro', intro.open ? 'open' : 'closed'));

setInterval(() => {
  if (document.visibilityState === 'visible') refresh();
}, EVERY_MS);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());
refresh();
