#!/usr/bin/env node
import { runCommandLine, surroundings } from './cli/cli.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
