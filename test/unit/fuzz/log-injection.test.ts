import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { runnerLog } from '../../../src/action/runner-log.ts';
import { reportInvalidInputs } from '../../../src/action/report-failure.ts';
import { BuildLog } from '../../../src/image/build-log.ts';
import { mainAction } from '../../../src/inputs/actions/main.ts';
import { InvalidInputs, inputIssue } from '../../../src/inputs/issue.ts';
import { fuzzing, nastyText } from '../../support/fuzzing.ts';
import { runnerCommands } from '../../support/runner-commands.ts';

let printed = '';
beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

function printedBy(action: () => void): string {
  printed = '';
  action();
  return printed;
}

const BREAKS = [
  '\n',
  '\r',
  '\r\n',
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\f',
  '\0',
  ' ',
  '\t',
  '\u00a0',
  '\ufeff',
  '',
];
const COMMANDS = [
  '::set-output name=x::y',
  '::add-mask::e',
  '::error file=a,line=1::broken',
  '##[set-env name=PATH]/tmp',
  '##[command]x',
  '::stop-commands::token',
  '\u001b[31m::error::x',
  '\u001b]0;::error::x\u0007::error::x',
  '\u202e::error::x',
  '#\u202e#[error]x',
  '#\u0000#[error]x',
  ':\u0007:error::x',
];
const hostile = fc
  .array(fc.oneof(nastyText, fc.constantFrom(...BREAKS), fc.constantFrom(...COMMANDS)), { maxLength: 6 })
  .map((parts) => parts.join(''));

test('the model of the runner finds what the runner finds', () => {
  expect(runnerCommands('a\n \t::error::b\rx##[group]c\r\na ::error::b\n ##[x')).toEqual([
    { name: 'error', data: 'b' },
    { name: 'group', data: 'c' },
  ]);
});

test('no text that is printed commands the runner', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(runnerCommands(printedBy(() => runnerLog.say(text)))).toEqual([]);
    }),
    fuzzing(1_000),
  );
});

test('a group is one command, whatever its title', () => {
  fc.assert(
    fc.property(hostile, (title) => {
      expect(runnerCommands(printedBy(() => runnerLog.group(title)))).toMatchObject([{ name: 'group' }]);
    }),
    fuzzing(500),
  );
});

test('what a build is called and prints does not command the runner', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, output) => {
      const said = printedBy(() => {
        const log = new BuildLog({ say: runnerLog.say, redact: (text) => text });
        const vertex = { digest: 'a', name, cached: false, started: 1, completed: null, error: '' };
        log.add({
          vertexes: [vertex],
          statuses: [],
          logs: [{ vertex: 'a', text: Buffer.from(`${output}\n`) }],
        });
        log.add({ vertexes: [{ ...vertex, completed: 2, error: output }], statuses: [], logs: [] });
        runnerLog.say(log.running(3));
      });
      expect(runnerCommands(said)).toEqual([]);
    }),
    fuzzing(500),
  );
});

test('a mistake in an input is one annotation and nothing else', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const wrong = new InvalidInputs([inputIssue(text, { problem: text, fix: text })]);
      const commands = runnerCommands(printedBy(() => reportInvalidInputs(mainAction, wrong)));
      expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error', 'set-output']));
      expect(commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    }),
    fuzzing(300),
  );
});
