import { byId, find, findAll, tapped } from './dom.js';
import { say, send, toast } from './page.js';
import { createTaps } from './taps.js';

// The roll call: taps are kept on this device until they are saved, so that neither a lost connection nor a closed page
// loses one; what somebody else changed meanwhile is shown and never overwritten unseen.

/** @typedef {{ students: { studentId: number, attendance: string }[] }} RollCall */

const LONG_PRESS_MS = 450;
const RETRY_MS = 5000;

if (document.getElementById('roll')) start(byId('roll', HTMLElement));

/** @param {HTMLElement} roll */
function start(roll) {
  const url = `/lessons/${roll.dataset.lesson}/attendance`;
  const note = byId('roll-note', HTMLElement);
  const counts = byId('roll-counts', HTMLElement);
  const saveButton = byId('roll-save', HTMLButtonElement);
  const dialog = byId('roll-choose', HTMLDialogElement);
  const choices = findAll(dialog, '[data-choose]', HTMLElement);
  /** How each attendance is said, in the order a tap goes through them. */
  const words = new Map(choices.map((one) => [one.dataset.choose ?? '', one.textContent ?? '']));
  const order = [...words.keys()];
  const buttons = new Map(
    findAll(roll, '[data-student]', HTMLButtonElement).map((one) => [one.dataset.student ?? '', one]),
  );
  const taps = createTaps(
    `xiaoxin-roll:${roll.dataset.lesson}:${roll.dataset.person}`,
    new Map([...buttons].map(([id, one]) => [id, one.dataset.mark ?? ''])),
  );
  let opened = roll.dataset.opened === 'true';
  let saving = false;
  let retry = 0;

  /** @param {string} id @param {HTMLButtonElement} button */
  function show(id, button) {
    const mark = taps.markOf(id);
    const { conflict, name } = button.dataset;
    const word = words.get(mark) ?? '';
    button.className = `roll-mark ${mark}${taps.has(id) ? ' unsaved' : ''}${conflict ? ' conflict' : ''}`;
    find(button, '.roll-word', HTMLElement).textContent = conflict ?? word;
    button.setAttribute('aria-label', `${name} ${word}${conflict ? `，${conflict}` : ''}`);
  }

  function showAll() {
    for (const [id, button] of buttons) show(id, button);
    const marks = [...buttons.keys()].map(taps.markOf);
    counts.textContent = order
      .map((id, n) => ({ word: words.get(id), count: marks.filter((mark) => mark === id).length, isFirst: n === 0 }))
      .filter(({ count, isFirst }) => isFirst || count > 0)
      .map(({ word, count }) => `${word} ${count}`)
      .join(' · ');
    const isSaved = opened && taps.size === 0;
    saveButton.disabled = saving || isSaved;
    saveButton.textContent = saving ? '正在保存' : isSaved ? '已保存' : '保存';
  }

  /** @param {string} id @param {string} attendance */
  function mark(id, attendance) {
    delete buttons.get(id)?.dataset.conflict;
    taps.tap(id, attendance);
    showAll();
  }

  /** Says at a name what stands against one's own mark. @param {string} id @param {string} sentence @param {string} own */
  function markConflict(id, sentence, own) {
    const button = buttons.get(id);
    if (button) button.dataset.conflict = `${sentence}，你标的是${words.get(own) ?? ''}`;
  }

  /**
   * After a conflict: what others changed becomes what is seen; one's own taps stay, to be decided with both in view.
   * @param {Record<string, string>} conflicts a sentence by student
   */
  async function look(conflicts) {
    /** @type {import('./page.js').Answer<RollCall>} */
    const answer = await send('GET', url);
    if (!answer.ok) return;
    for (const { studentId, attendance } of answer.body.students) taps.see(String(studentId), attendance);
    for (const [id, sentence] of Object.entries(conflicts)) markConflict(id, sentence, taps.markOf(id));
    taps.settle();
    showAll();
  }

  async function save() {
    if (saving) return;
    clearTimeout(retry);
    saving = true;
    showAll();
    const sent = taps.all();
    const marks = sent.map(({ id, attendance, seen }) => ({ studentId: Number(id), attendance, seen }));
    /** @type {import('./page.js').Answer<RollCall>} */
    const answer = await send('POST', url, { marks });
    saving = false;
    if (answer.ok) {
      opened = true;
      for (const { studentId, attendance } of answer.body.students) taps.see(String(studentId), attendance);
      taps.saved(sent);
      for (const button of buttons.values()) delete button.dataset.conflict;
      say(note, '');
      toast('点名已保存');
    } else if (answer.status === 0 || answer.status >= 500) {
      say(note, '网络断了，点过的都记在这台手机里，连上会自动保存', 'warn');
      retry = setTimeout(save, RETRY_MS);
    } else if (answer.status === 401) {
      say(note, '登录过期了，从消息里重新打开点名链接，刚才点的都还在', 'warn');
    } else {
      say(note, answer.message, 'bad');
      if (answer.status === 409) await look(answer.fields);
    }
    showAll();
  }

  let pressed = 0;
  let held = false;
  roll.addEventListener('pointerdown', (event) => {
    const button = tapped(event, '[data-student]', HTMLButtonElement);
    held = false;
    if (!button) return;
    pressed = setTimeout(() => {
      held = true;
      byId('roll-who', HTMLElement).textContent = button.dataset.name ?? '';
      dialog.dataset.student = button.dataset.student;
      dialog.showModal();
    }, LONG_PRESS_MS);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave', 'scroll'])
    roll.addEventListener(end, () => clearTimeout(pressed));
  window.addEventListener('scroll', () => clearTimeout(pressed), { passive: true });
  roll.addEventListener('contextmenu', (event) => event.preventDefault());
  roll.addEventListener('click', (event) => {
    const id = tapped(event, '[data-student]', HTMLButtonElement)?.dataset.student;
    if (id && !held) mark(id, order[(order.indexOf(taps.markOf(id)) + 1) % order.length] ?? '');
  });
  dialog.addEventListener('click', (event) => {
    const choice = tapped(event, '[data-choose]', HTMLElement)?.dataset.choose;
    if (choice) mark(dialog.dataset.student ?? '', choice);
    if (choice || event.target === dialog) dialog.close();
  });
  saveButton.addEventListener('click', save);
  window.addEventListener('online', () => {
    if (taps.size > 0 && !note.hidden) save();
  });

  for (const { id, attendance, isOvertaken } of taps.restore())
    if (isOvertaken) markConflict(id, `现在是${words.get(taps.seenOf(id))}`, attendance);
  if (taps.size > 0) say(note, `上次有 ${taps.size} 处没保存，已经找回来了，看一下再保存`, 'warn');
  showAll();
}
