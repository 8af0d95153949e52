// For `npx drizzle-kit generate`, which derives the next migration from the schema and the migrations that exist.
export default {
  dialect: 'postgresql',
  schema: './lib/server/store/schema.ts',
  out: './lib/server/store/migrations',
};
