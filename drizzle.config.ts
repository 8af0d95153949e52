/**
 * For `npx drizzle-kit@0.31 generate --name <change>` after a change of the schema. The server applies the generated
 * migrations.
 */
export default {
  dialect: 'postgresql',
  schema: './lib/server/store/schema.ts',
  out: './lib/server/store/migrations',
};
