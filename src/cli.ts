#!/usr/bin/env node
import { runCommandLine, processContext } from './cli/cli.ts';
import { endProcess } from './commands/run/cancellation.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), processContext);
endProcess();
