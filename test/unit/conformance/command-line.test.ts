import { expect, test } from '@jest/globals';
import { readCommandLine } from '../../conformance/command-line.ts';

const KNOWN = ['expires-at', 'hook-status'];
const read = (line: string) => readCommandLine(line === '' ? [] : line.split(' '), KNOWN);

test('nothing is begun without --yes', () => {
  expect(read('--region eu-central-1')).toMatchObject({ what: 'tell', prefix: 'ramp-check' });
  expect(read('--region eu-central-1 --yes')).toMatchObject({ what: 'verify' });
});

test('a clean-up is of the named run, whatever else is said', () => {
  expect(read('--region us-gov-west-1 --clean-up mine --yes')).toMatchObject({
    what: 'clean up',
    prefix: 'mine',
  });
});

test('what is given is not made', () => {
  expect(read('--region eu-central-1 --vpc vpc-1 --subnets a,b --security-groups sg-1')).toMatchObject({
    ground: { vpc: 'vpc-1', subnets: ['a', 'b'], securityGroups: ['sg-1'] },
  });
});

test('a rehearsal needs no region', () => {
  expect(read('--rehearse --check expires-at')).toMatchObject({ what: 'rehearse', checks: ['expires-at'] });
});

test.each([
  ['', '--region is missing'],
  ['--region Frankfurt', '--region Frankfurt: give one'],
  ['--region eu-central-1 --prefix Ramp', '--prefix Ramp: 3 to 12'],
  ['--region eu-central-1 --clean-up a', '--clean-up a: 3 to 12'],
  ['--region eu-central-1 --check hooks', 'There are: expires-at, hook-status.'],
  ['--region eu-central-1 --vpc vpc-1', 'go together'],
  ['--region eu-central-1 --vpc vpc-1 --subnets a', 'needs two'],
  ['--region eu-central-1 --sure', "'--sure'"],
])('"%s" is a mistake', (line, message) => {
  expect(() => read(line)).toThrow(message);
});

test('all mistakes are told at once', () => {
  expect(() => read('--prefix X --check none')).toThrow(/region[^]*prefix[^]*check/);
});
