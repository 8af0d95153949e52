#!/usr/bin/env node
// The command line is TypeScript: this registers the loader for it and puts the commands of pipeline and server together.
import { register } from 'tsx/esm/api';

register();
const [{ run }, { createProgress }, { addLoadCommand }] = await Promise.all([
  import('../pipeline/cli.ts'),
  import('../pipeline/io/progress.ts'),
  import('../lib/server/vectors/load-command.ts'),
]);
await run((program) => addLoadCommand(program, createProgress));
