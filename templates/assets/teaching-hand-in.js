// A file that is too large is said so before a phone has sent all of it.
for (const form of document.querySelectorAll('form[data-most-bytes]')) {
  const most = Number(form.dataset.mostBytes);
  const file = form.querySelector('input[type="file"]');
  file.addEventListener('change', () => {
    const tooLarge = (file.files[0]?.size ?? 0) > most;
    file.setCustomValidity(tooLarge ? `文件太大，最多 ${Math.floor(most / 1024 / 1024)} MB` : '');
    if (tooLarge) file.reportValidity();
  });
}
