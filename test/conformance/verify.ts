import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../src/core/time/clock.ts';
import { createAws, type Aws, type AwsOptions } from './aws.ts';
import type { Mark } from './mark.ts';
import { createStage, type StageOptions } from './assumptions/stage.ts';
import { STORIES } from './assumptions/stories.ts';
import { playStory, type Finding, type Story } from './assumptions/story.ts';
import { tryCase, type CaseResult, type ContractCase, type Subject } from './contract/contract.ts';
import { createPlace } from './contract/place.ts';
import { cleanUp, leftovers } from './stack/clean-up.ts';
import { prepareGround, type Ground } from './stack/ground.ts';
import { createStack } from './stack/stack.ts';

export interface VerifyOptions {
  readonly aws: AwsOptions;
  readonly subject: Subject;
  readonly clock: Clock;
  readonly region: string;
  readonly prefix: string;
  readonly image: string;
  /** Resources that already exist. They are not created and not removed. */
  readonly ground: Partial<Ground>;
  readonly cases: readonly ContractCase[];
  readonly stories?: readonly Story[];
  /** Sends a request to the stack's load balancer; `null` in a simulation, where none listens. */
  readonly askAt: ((host: string) => StageOptions['ask']) | null;
  readonly signal?: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export interface Verdict {
  readonly cases: readonly CaseResult[];
  readonly findings: readonly Finding[];
  /** Resources that could not be removed. */
  readonly left: readonly string[];
}

export const markOf = (prefix: string): Mark => ({ key: 'ecs-ramp-verify', value: prefix });

/**
 * Creates the stack, runs the cases and stories, and always removes the stack. Throws if something
 * with this prefix already exists.
 */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const { clock, signal, subject, prefix, region, image, onProgress, stories = STORIES } = options;
  const mark = markOf(prefix);
  const aws = createAws({ region, ...options.aws }, mark);
  const withGround = !isComplete(options.ground);
  const before = await leftovers(aws, mark, withGround);
  if (before.length > 0) {
    const some = before.slice(0, 3).map(({ what }) => what);
    throw new Error(
      `Resources with the prefix ${prefix} already exist (${some.join(', ')}): use --clean-up ${prefix}, or another --prefix.`,
    );
  }
  const cases: CaseResult[] = [];
  const findings: Finding[] = [];
  let problem: unknown = null;
  try {
    const ground = await prepareGround(aws, mark, options.ground);
    const place = createPlace({ aws, clock, prefix, network: ground });
    try {
      for (const contractCase of options.cases) {
        if (signal?.aborted) break;
        cases.push(await tryCase(contractCase, subject, place));
      }
    } finally {
      await place.close();
    }
    onProgress(`${cases.length} contract cases finished`);
    if (!signal?.aborted) {
      const parameters = { ...ground, prefix, region, image };
      const stack = await createStack(aws, parameters, (line) => onProgress(`created ${line}`));
      const ask = options.askAt?.(await hostOf(aws, stack['loadBalancer']!)) ?? null;
      const sandbox = createStage({ aws, clock, stack, parameters, ask, ...(signal && { signal }) });
      await sandbox.over(await sandbox.newest());
      for (const story of stories) {
        if (signal?.aborted) break;
        onProgress(`story: ${story.name} (about ${story.minutes} min)`);
        findings.push(...(await playStory(story, sandbox)));
        if (!signal?.aborted) await sandbox.rest();
      }
    }
  } catch (error) {
    problem = error;
  }
  const left = await cleanUp({ aws, mark, clock, withGround }, onProgress);
  if (problem !== null) throw problem;
  return { cases, findings, left };
}

async function hostOf({ elb }: Aws, arn: string): Promise<string> {
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
  return LoadBalancers![0]!.DNSName!;
}

const isComplete = (ground: Partial<Ground>): ground is Ground =>
  Boolean(
    ground.vpc &&
    ground.subnets &&
    ground.securityGroups &&
    ground.infrastructureRole &&
    ground.executionRole,
  );
