import { byId, findAll, tapped } from './dom.js';
import { say, send, toast } from './page.js';
import { createRow, NOT_GRADED, readScore, shown } from './score-row.js';

// The score sheet: letters or numbers, Enter and arrows move from one to the next, saved all together.

/** @typedef {{ rows: import('./score-row.js').Now[] }} Sheet */

if (document.getElementById('sheet')) start(byId('sheet', HTMLElement));

/** @param {HTMLElement} sheet */
function start(sheet) {
  const url = `/lessons/${sheet.dataset.lesson}/scores`;
  const note = byId('sheet-note', HTMLElement);
  const counts = byId('sheet-counts', HTMLElement);
  const saveButton = byId('sheet-save', HTMLButtonElement);
  const rows = findAll(sheet, '[data-student]', HTMLElement).map(createRow);
  let saving = false;

  const changed = () => rows.filter((row) => row.isChanged);
  /** @param {string | number} id */
  const rowOf = (id) => rows.find((row) => row.id === String(id));

  function showBar() {
    const graded = rows.filter(({ value }) => (value ?? NOT_GRADED) !== NOT_GRADED).length;
    const count = changed().length;
    counts.textContent = `已批 ${graded} / ${rows.length}${count > 0 ? ` · ${count} 处没保存` : ''}`;
    saveButton.disabled = saving || count === 0;
    saveButton.textContent = saving ? '正在保存' : '保存';
  }

  function showAll() {
    for (const row of rows) row.show();
    showBar();
  }

  /** @param {HTMLInputElement} input @param {number} by */
  function move(input, by) {
    const next = rows[rows.findIndex(({ score, comment }) => score === input || comment === input) + by];
    if (!next) return saveButton.focus();
    const target = input.classList.contains('sheet-score') ? next.score : next.comment;
    target.focus();
    target.select();
  }

  async function save() {
    const wrong = rows.find(({ value }) => value === null);
    if (wrong) return wrong.score.focus();
    const mine = changed();
    if (mine.length === 0 || saving) return;
    const changes = mine.map((row) => row.change());
    saving = true;
    showBar();
    /** @type {import('./page.js').Answer<Sheet>} */
    const answer = await send('POST', url, { scores: changes });
    saving = false;
    if (answer.ok) {
      for (const row of rows) row.conflict = '';
      for (const now of answer.body.rows) {
        rowOf(now.studentId)?.see(now);
        rowOf(now.studentId)?.fill(now);
      }
      say(note, '');
      toast('成绩已保存');
    } else if (answer.status === 409) {
      say(note, answer.message, 'bad');
      await look(mine);
      for (const [id, sentence] of Object.entries(answer.fields)) {
        const row = rowOf(id);
        if (row) row.conflict = `${sentence}，保存就按你写的`;
      }
    } else {
      say(note, answer.status === 0 ? '网络断了，还没保存，连上再按一次' : answer.message, 'bad');
    }
    showAll();
  }

  /**
   * After a conflict others' rows show what is there now; one's own keep what one typed, beside the sentence.
   * @param {ReturnType<typeof createRow>[]} mine
   */
  async function look(mine) {
    /** @type {import('./page.js').Answer<Sheet>} */
    const answer = await send('GET', url);
    if (!answer.ok) return;
    for (const now of answer.body.rows) {
      const row = rowOf(now.studentId);
      if (row && !mine.includes(row)) row.fill(now);
      row?.see(now);
    }
  }

  sheet.addEventListener('input', (event) => {
    const line = tapped(event, '[data-student]', HTMLElement);
    rowOf(line?.dataset.student ?? '')?.show();
    showBar();
  });
  sheet.addEventListener('change', (event) => {
    const input = tapped(event, '.sheet-score', HTMLInputElement);
    const score = input && readScore(input.value);
    if (input && score !== null) input.value = shown(score);
  });
  sheet.addEventListener('keydown', (event) => {
    const input = tapped(event, 'input', HTMLInputElement);
    if (!input || event.isComposing) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(input, by);
  });
  sheet.addEventListener('focusin', (event) => tapped(event, '.sheet-score', HTMLInputElement)?.select());
  saveButton.addEventListener('click', save);
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      save();
    }
  });
  window.addEventListener('beforeunload', (event) => {
    if (changed().length > 0) event.preventDefault();
  });
  showAll();
}
