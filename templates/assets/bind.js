// The binding page: shows a code, asks every other second how far it is, and turns into 已绑定 by itself.
const box = document.getElementById('bind');
const states = ['done', 'code', 'over'].map((name) => document.getElementById(`bind-${name}`));
const [picture, left, why] = ['qr', 'left', 'why'].map((name) => document.getElementById(`bind-${name}`));
let asking = 0;

function show(name) {
  for (const state of states) state.hidden = state.id !== `bind-${name}`;
}

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
  const { ok, body, status } = await window.xiaoxin.send('POST', '/bind/ticket', {});
  if (mine !== asking) return;
  if (!ok) return end(status === 0 ? '网络断了，连上以后再试' : (body?.error?.message ?? '二维码没有取到，再试一次'));
  picture.src = body.qrUrl;
  picture.hidden = false;
  // Counted from now: this machine's clock may be wrong.
  const until = performance.now() + body.expiresIn * 1000;
  while (mine === asking) {
    const minutes = Math.ceil((until - performance.now()) / 60_000);
    left.textContent = minutes > 0 ? `${minutes} 分钟内有效` : '正在等结果';
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (mine !== asking) return;
    const answer = await window.xiaoxin.send('GET', `/bind/ticket/${body.id}`);
    if (mine !== asking) return;
    if (answer.status === 401) return end('登录过期了，刷新后重新登录');
    const state = answer.ok ? answer.body.state : answer.status === 404 ? 'expired' : 'waiting';
    if (state === 'bound') return done();
    if (state === 'refused') return end(answer.body.reason ?? '没有绑上，换一个二维码再试');
    if (state === 'expired') return end('二维码过期了');
  }
}

for (const button of box.querySelectorAll('[data-bind="again"]')) button.addEventListener('click', begin);
if (box.dataset.bound === '0') begin();
