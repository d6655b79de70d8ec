import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import { systemClock } from '../../../src/core/time/clock.ts';
import { createAws } from '../aws.ts';
import type { Aws, AwsOptions } from '../aws.ts';
import { contractCases } from './cases.ts';
import { tryCase } from './contract.ts';
import type { CaseResult, Place, Subject } from './contract.ts';
import { tryGround } from './ground-on-moto.ts';
import { startMoto } from './moto.ts';
import { createPlace } from './place.ts';

/**
 * Runs the contract cases against the sandbox or moto, and prints the cases that do not hold. Fails
 * if one of them is not a known difference.
 *
 *     node test/conformance/contract/run.ts sandbox | moto MOTO_SERVER
 */
const [subject, server] = process.argv.slice(2);

async function main(): Promise<void> {
  if (subject === 'moto' && server !== undefined) {
    const moto = await startMoto(server);
    const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' };
    const options = { endpoint: moto.endpoint, region: 'eu-west-1', credentials };
    try {
      await tryGround(options);
      console.log('moto: roles and a security group are created, found and removed.');
      report(await tryAll('moto', options, defaultNetwork));
    } finally {
      moto.stop();
    }
  } else if (subject === 'sandbox' && server === undefined) {
    const sandbox = await startSandbox({ engine: null, metricLag: 0 });
    const network = { vpc: 'vpc-1', subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] };
    try {
      report(await tryAll('sandbox', sandbox.client, async () => network));
    } finally {
      await sandbox.close();
    }
  } else {
    throw new Error('usage: node test/conformance/contract/run.ts sandbox | moto MOTO_SERVER');
  }
}

async function tryAll(
  subject: Subject,
  options: AwsOptions,
  networkOf: (aws: Aws) => Promise<Place['network']>,
): Promise<readonly CaseResult[]> {
  const aws = createAws(options, { key: 'ecs-ramp-verify', value: 'contract' });
  const place = createPlace({ aws, clock: systemClock, prefix: 'contract', network: await networkOf(aws) });
  const results: CaseResult[] = [];
  try {
    for (const contractCase of contractCases) results.push(await tryCase(contractCase, subject, place));
  } finally {
    await place.close();
  }
  return results;
}

async function defaultNetwork({ ec2 }: Aws): Promise<Place['network']> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return {
    vpc: Subnets[0]!.VpcId!,
    subnets: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId!),
    securityGroups: [SecurityGroups[0]!.GroupId!],
  };
}

function report(results: readonly CaseResult[]): void {
  for (const { name, outcome, detail } of results)
    if (outcome !== 'holds') console.log(`${outcome.padEnd(17)}  ${name}\n${' '.repeat(19)}${detail}`);
  const count = (wanted: CaseResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  const wrong = count('fails') + count('no longer differs');
  console.log(
    `${subject}: ${count('holds')} hold, ${count('known difference')} differ as known, ${wrong} are wrong.`,
  );
  if (wrong > 0) process.exitCode = 1;
}

await main();
