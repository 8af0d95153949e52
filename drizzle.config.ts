/** For `npx drizzle-kit@0.31 generate --name <what changes>` after a change of the schema; the server applies what it writes. */
export default {
  dialect: 'postgresql',
  schema: './lib/server/store/schema.ts',
  out: './lib/server/store/migrations',
};
