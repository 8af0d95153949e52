#!/usr/bin/env node
// Registers the TypeScript loader and combines the commands of pipeline and server.
import { register } from 'tsx/esm/api';

register();
const [{ run }, { createProgress }, { addLoadCommand }] = await Promise.all([
  import('../pipeline/cli.ts'),
  import('../pipeline/io/progress.ts'),
  import('../lib/server/vectors/load-command.ts'),
]);
await run((program) => addLoadCommand(program, createProgress));
