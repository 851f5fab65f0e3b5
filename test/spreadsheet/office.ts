import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { sofficePath } from '../setup/services.ts';

const run = promisify(execFile);

/** A workbook as LibreOffice writes it: opened and saved by way of its own format, so that every part is its own. */
export async function saveByLibreOffice(bytes: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'xiaoxin-office-'));
  const convert = (file: string, to: string) =>
    run(sofficePath ?? 'soffice', [
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`,
      '--headless',
      '--convert-to',
      to,
      '--outdir',
      join(folder, to),
      file,
    ]);
  try {
    await writeFile(join(folder, 'book.xlsx'), bytes);
    await convert(join(folder, 'book.xlsx'), 'ods');
    await convert(join(folder, 'ods', 'book.ods'), 'xlsx');
    return await readFile(join(folder, 'xlsx', 'book.xlsx'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
