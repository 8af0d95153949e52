#!/usr/bin/env node
// The command line is TypeScript; this registers the loader for it and starts it.
import { register } from 'tsx/esm/api';

register();
await import('../pipeline/cli.ts');
