import * as fc from 'fast-check';

const COMMANDS = [
  '::error::',
  '##[set-env]',
  '\n',
  '\r',
  '\u2028',
  '\t',
  ' ',
  ':',
  '\u001B[31m',
  '\u001B]8;;x\u0007',
  '\u202E',
];
const HTML = ['<!--', '-->', '</td>', '</details>', '</code>', '<script>', '<b>', '&lt;', '&#124;'];
const MARKDOWN = [
  '|',
  '\\',
  '`',
  '```',
  '~~~',
  '*',
  '**',
  '_',
  '#',
  '# ',
  '- ',
  '> ',
  '1. ',
  '![',
  '](',
  '$x$',
  '@octocat',
];
const LINKS = ['[a](https://e.example)', '<https://e.example>', 'https://e.example', 'www.e.example'];
const MERMAID = ['"]', '%%{init'];
const PARTS = fc.constantFrom(...COMMANDS, ...HTML, ...MARKDOWN, ...LINKS, ...MERMAID, 'a', '0');

/** Text that an attacker, a container or a commit message may contain. */
export const foreignText = fc
  .array(fc.oneof(PARTS, fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => parts.join(''));
