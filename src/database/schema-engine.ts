import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import type { Migration } from './read-migrations.ts';

// Node has it, its types do not tell (they are part of the browser's).
declare const WebAssembly: {
  instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const BINDINGS = '@prisma/schema-engine-wasm/schema_engine_bg';

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

/** The package's bindings are one per process and remember the memory they were given first: so it is given once. */
let loaded: Promise<Bindings> | undefined;

/**
 * Prisma's schema engine in WebAssembly: the same that `prisma migrate` downloads as a native program.
 */
export async function openSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
  onLog: (line: string) => void,
): Promise<SchemaEngine> {
  loaded ??= load();
  const { SchemaEngine } = await loaded;
  return SchemaEngine.new({ datamodels: undefined }, onLog, bindMigrationAwareSqlAdapterFactory(factory));
}

/** The package is made for bundlers, so its module is put together here. */
async function load(): Promise<Bindings> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const path = createRequire(import.meta.url)
    .resolve(BINDINGS)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(path), {
    './schema_engine_bg.js': { ...bindings, ...unheldTimers(bindings) },
  });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return bindings;
}

/** The engine's ten-second limit for its own lock is never cleared and would keep a finished command waiting for it. */
function unheldTimers(bindings: Bindings): Record<string, unknown> {
  const start = (work: () => void, ms: number) => setTimeout(work, ms).unref();
  const names = Object.keys(bindings).filter((name) => name.startsWith('__wbg_setTimeout_'));
  return Object.fromEntries(names.map((name) => [name, start]));
}

/** Migrations as the engine takes them. */
export function listForEngine(baseDir: string, migrations: readonly Migration[]): MigrationList {
  return {
    baseDir,
    lockfile: { path: './migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

/** No table or enum is managed by others. */
export const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * An adapter as the engine needs it: scripts reach the database in one piece. The adapters themselves cut them at every
 * semicolon, also at those inside a function's body, or do not wait for them. The shadow database, on which the engine
 * replays migrations, is the same one: only a fresh one may be given for that.
 * @param runScript sends a whole script
 * @param onFailedScript is told the script that failed and why, which the engine loses
 */
export function engineAdapter(
  inner: SqlMigrationAwareDriverAdapterFactory,
  runScript: (script: string) => Promise<unknown>,
  onFailedScript: (script: string, error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = async () => {
    const adapter = await inner.connect();
    adapter.executeScript = async (script) => {
      try {
        await runScript(script);
      } catch (error) {
        onFailedScript(script, error);
        throw asEngineKnowsIt(error);
      }
    };
    return adapter;
  };
  return { provider: inner.provider, adapterName: inner.adapterName, connect, connectToShadowDb: connect };
}

function asEngineKnowsIt(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { code = '', severity = '', message, detail, column, hint } = error;
  return new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}
