import { defineConfig } from 'prisma/config';

// `prisma generate` asks for a native engine that it then does not use; naming any executable spares the download.
if (process.argv.includes('generate')) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only for those who run `prisma migrate deploy` or `prisma studio` against PostgreSQL themselves.
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
