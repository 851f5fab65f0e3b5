import { findAll, h } from './dom.js';
import './lists.js';
import { ask, send } from './page.js';

// What every page's forms can do: ask before what cannot be undone, be sent once, and search long lists of options.

document.documentElement.classList.add('scripted');

for (const form of findAll(document, 'form[data-confirm]', HTMLFormElement)) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const title = event.submitter?.textContent?.trim() || '确定';
    if (await ask(form.dataset.confirm ?? '', title)) form.submit();
  });
}

// A second tap on a slow line must not send the form twice.
for (const form of findAll(document, 'form[data-once]', HTMLFormElement)) {
  form.addEventListener('submit', () => {
    const buttons = findAll(form, 'button:not([type="button"])', HTMLButtonElement);
    setTimeout(() => {
      for (const button of buttons) button.disabled = true;
    });
  });
  window.addEventListener('pageshow', () => {
    for (const button of findAll(form, 'button', HTMLButtonElement)) button.disabled = false;
  });
}

// A long list of options is searched by name instead of scrolled.
const SCROLLED = 30;
const SEARCH = '输入名字来找';
for (const select of findAll(document, 'select[data-options]', HTMLSelectElement)) {
  if (select.options.length <= SCROLLED) continue;
  const search = h('input', { type: 'search', placeholder: SEARCH, 'aria-label': SEARCH });
  select.before(search);
  let waiting = 0;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => searchOptions(select, search.value.trim()), 250);
  });
}

/**
 * Offers what is found; what is chosen already stays.
 * @param {HTMLSelectElement} select
 * @param {string} words
 */
async function searchOptions(select, words) {
  /** @type {import('./page.js').Answer<{ rows: { id: number, name: string }[] }>} */
  const answer = await send('GET', `${select.dataset.options}?q=${encodeURIComponent(words)}`);
  if (!answer.ok) return;
  const kept = [...select.options].filter((option) => option.value === '' || option.selected);
  const found = answer.body.rows
    .filter((row) => !kept.some((option) => option.value === String(row.id)))
    .map((row) => new Option(row.name, String(row.id)));
  select.replaceChildren(...kept, ...found);
  if (words && found[0] && !select.value) select.value = found[0].value;
}

const [wrong] = findAll(document, '[aria-invalid="true"]', HTMLElement);
wrong?.focus();
