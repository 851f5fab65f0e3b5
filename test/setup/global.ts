import type { TestProject } from 'vitest/node';
import { testDatabaseUrl } from './services.ts';
import { dropOnServer, embeddedTemplate, serverTemplate } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A dump of the migrated embedded database. */
    embeddedTemplate: string;
    /** The migrated database on the test server, or '' without one. */
    serverTemplate: string;
  }
}

/** Makes, once for all test files, the migrated databases that each of them gets a copy of. */
export default async function setup(project: TestProject) {
  const embedded = await embeddedTemplate();
  const server = testDatabaseUrl ? await serverTemplate(testDatabaseUrl) : '';
  project.provide('embeddedTemplate', embedded);
  project.provide('serverTemplate', server);
  return async () => {
    if (!testDatabaseUrl || !server) return;
    // The demo school some tests copy (demo-school.ts) goes with the schema it was made from.
    for (const name of [`${server}_school`, server]) await dropOnServer(testDatabaseUrl, name);
  };
}
