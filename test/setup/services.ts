import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const SOFFICE = [process.env.SOFFICE_PATH, '/usr/bin/soffice', '/usr/bin/libreoffice'];

/** The PostgreSQL server tests may make databases on, if there is one. */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL || undefined;
/** The Redis server tests may write to, if there is one. */
export const testRedisUrl = process.env.TEST_REDIS_URL || undefined;
/** The browser, if one is installed. */
export const chromiumPath = CHROMIUM.find((path) => path && existsSync(path));
/** LibreOffice, if it is installed. */
export const sofficePath = SOFFICE.find((path) => path && existsSync(path));

/** Tests that need PostgreSQL: skipped by name without TEST_DATABASE_URL, a failure where CI=true. */
export const postgresOnly = needing('PostgreSQL (TEST_DATABASE_URL)', testDatabaseUrl);
/** Tests that need Redis: skipped by name without TEST_REDIS_URL, a failure where CI=true. */
export const redisOnly = needing('Redis (TEST_REDIS_URL)', testRedisUrl);
/** Tests that need a browser: skipped by name without Chromium, a failure where CI=true. */
export const browserOnly = needing('Chromium', chromiumPath);
/** Tests that need LibreOffice: skipped by name without it, a failure where CI=true. */
export const officeOnly = needing('LibreOffice', sofficePath);

function needing(service: string, found: string | undefined): (name: string, tests: () => void) => void {
  return (name, tests) => {
    if (found) return void describe(name, tests);
    const title = `${name} (needs ${service})`;
    if (process.env.CI !== 'true') return void describe.skip(title, tests);
    describe(title, () => {
      it(`has ${service}, because CI=true leaves nothing out`, () => {
        expect(found).toBeDefined();
      });
    });
  };
}
