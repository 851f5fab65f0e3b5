import { find, findAll, h } from './dom.js';
import { send, toast } from './page.js';

// What every table's list can do: several rows picked at once, filters opened one at a time, addresses that stay readable.

for (const form of findAll(document, 'form[data-batch]', HTMLFormElement)) {
  const [bar] = findAll(form, '[data-batch-bar]', HTMLElement);
  if (!bar) continue;
  const [all] = findAll(form, '[data-pick-all]', HTMLInputElement);
  const boxes = findAll(form, 'input[name="ids"]', HTMLInputElement);
  const said = find(bar, '[data-batch-count]', HTMLElement);
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    bar.classList.toggle('open', count > 0);
    said.textContent = String(count);
    if (!all) return;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  form.addEventListener('change', (event) => {
    if (all && event.target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  window.addEventListener('pageshow', show);
}

const drawers = findAll(document, 'details[data-filter]', HTMLDetailsElement);
for (const drawer of drawers) {
  drawer.addEventListener('toggle', () => {
    if (drawer.open && drawer.dataset.options && !drawer.dataset.drawn) drawOptions(drawer, drawer.dataset.options);
  });
}
/** @param {(drawer: HTMLDetailsElement) => boolean} isMeant */
const close = (isMeant) => {
  for (const drawer of drawers) if (drawer.open && isMeant(drawer)) drawer.open = false;
};
document.addEventListener('click', ({ target }) => {
  close((drawer) => !(target instanceof Node && drawer.contains(target)));
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') close(() => true);
});

/**
 * Fetches a filter's choices and draws them, once.
 * @param {HTMLDetailsElement} drawer
 * @param {string} url
 */
async function drawOptions(drawer, url) {
  /** @type {import('./page.js').Answer<{ rows: { id: number, name: string }[] }>} */
  const answer = await send('GET', url);
  if (!answer.ok) return toast(answer.message || '没取到，再试一次', 'bad');
  drawer.dataset.drawn = 'yes';
  const { name, chosen = '' } = drawer.dataset;
  const picked = new Set(chosen.split(','));
  const options = answer.body.rows.map((row) => {
    const input = h('input', { type: 'checkbox', name, value: row.id, checked: picked.has(String(row.id)) });
    return h('label', { class: 'check' }, input, ` ${row.name}`);
  });
  find(drawer, '.filter-options', HTMLElement).replaceChildren(...(options.length > 0 ? options : ['还没有可选的']));
}

// Addresses stay readable: a list's form sends neither empty fields nor half ranges.
for (const form of findAll(document, 'form.filters', HTMLFormElement)) {
  form.addEventListener('submit', () => {
    for (const range of findAll(form, '[data-range]', HTMLElement)) {
      const from = find(range, '[data-from]', HTMLInputElement).value;
      const to = find(range, '[data-to]', HTMLInputElement).value;
      find(range, 'input[type="hidden"]', HTMLInputElement).value = from || to ? `${from}..${to}` : '';
    }
    for (const input of findAll(form, 'input', HTMLInputElement))
      if (input.name && input.value === '') input.disabled = true;
  });
}
