import { byId, findAll } from './dom.js';
import { send } from './page.js';

// An import's page follows it: counts and bar while it is read or run, the page anew when that ends.

/** @typedef {Record<'total' | 'read' | 'saved' | 'filled' | 'duplicates' | 'failed', number> & { state: string }} Progress */

const EVERY_MS = 1000;
const box = document.getElementById('import');
const { id = '', state = '' } = box?.dataset ?? {};

/** @param {Progress} progress */
function show(progress) {
  const done = progress.state === 'reading' ? progress.read : progress.saved + progress.duplicates + progress.failed;
  if (progress.total > 0) {
    const bar = byId('import-bar', HTMLProgressElement);
    bar.max = progress.total;
    bar.value = done;
    byId('import-count', HTMLElement).textContent = `${done} / ${progress.total}`;
  }
  for (const count of findAll(document, '#import [data-count]', HTMLElement)) {
    const name = /** @type {keyof Progress} */ (count.dataset.count);
    count.textContent = `${progress[name]} 位`;
  }
}

async function follow() {
  /** @type {import('./page.js').Answer<Progress>} */
  const answer = await send('GET', `/customers/import/${id}`);
  if (answer.ok && answer.body.state !== state) return location.reload();
  if (answer.ok) show(answer.body);
  setTimeout(follow, EVERY_MS);
}

if (state === 'reading' || state === 'running') setTimeout(follow, EVERY_MS / 2);
