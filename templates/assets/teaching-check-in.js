// The code on the lecturer's screen renews itself, with whoever has scanned.
const scan = document.getElementById('scan');
if (scan?.dataset.on === 'true') run();

function run() {
  const url = `/lessons/${scan.dataset.lesson}/check-in`;
  const code = document.getElementById('scan-code');
  const left = document.getElementById('scan-left');
  let seconds = Number(scan.dataset.left);

  async function renew() {
    const { ok, status, body } = await window.xiaoxin.send('GET', url);
    if (!ok) {
      left.textContent = status === 401 ? '登录过期了，刷新一下' : '网络断了，正在重试';
      seconds = 3;
      return;
    }
    if (!body.on) return location.reload();
    code.src = `data:image/svg+xml;utf8,${encodeURIComponent(body.svg)}`;
    document.getElementById('scan-count').textContent = String(body.checkedIn.length);
    document.getElementById('scan-missing').textContent = body.missing.join('、') || '都签了';
    seconds = body.secondsLeft;
  }

  let asking = false;
  let ticks = 0;
  setInterval(async () => {
    seconds -= 1;
    ticks += 1;
    if (seconds > 0) left.textContent = `${seconds} 秒后换新的码`;
    if (asking || (seconds > 0 && ticks % 5 !== 0)) return;
    asking = true;
    await renew();
    asking = false;
  }, 1000);
}
