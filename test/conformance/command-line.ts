import { parseArgs } from 'node:util';
import type { Ground } from './stack/ground.ts';

export const DEFAULT_IMAGE = 'public.ecr.aws/docker/library/busybox:stable';

export const USAGE = `script/verify-on-aws: checks on a real AWS account what ecs-ramp assumes about AWS (docs/assumptions.md). It creates a small
stack and removes it at the end, also after ctrl-C. Credentials come from the environment, as for the AWS CLI.
  --region R                AWS Region; required
  --prefix NAME             prefix of every name, and value of the tag ecs-ramp-verify; default ramp-check
  --check ID                run only the stories with this check; can be repeated
  --no-contract             skip the contract cases
  --vpc V --subnets S,S     default: the default VPC and two of its subnets
  --security-groups G,G     default: a new one that allows traffic from everywhere to ports 80 and 9080
  --infrastructure-role ARN role for ECS with AmazonECSInfrastructureRolePolicyForLoadBalancers; default: a new one
  --execution-role ARN      role for the tasks with AmazonECSTaskExecutionRolePolicy; default: a new one
  --image IMAGE             image with sh and busybox's httpd; default ${DEFAULT_IMAGE}
  --report FILE             also write the table to this file, as Markdown
  --yes                     run; without it, only print what would be created and what it costs
  --clean-up NAME           only remove what a killed run with this prefix left
  --rehearse                run against the sandbox, in seconds, without an account`;

/** A wrong command line. The message lists all mistakes. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
}

export interface CommandLine {
  readonly region: string;
  readonly prefix: string;
  readonly checks: readonly string[];
  readonly contract: boolean;
  readonly ground: Partial<Ground>;
  readonly image: string;
  readonly reportFile: string | null;
  readonly what: 'tell' | 'verify' | 'clean up' | 'rehearse';
}

/** Throws UsageMistake. @param known the valid ids of `--check` */
export function readCommandLine(
  parameters: readonly string[],
  known: readonly string[],
): CommandLine | 'help' {
  const given = parse(parameters);
  if (given.help) return 'help';
  const issues: string[] = [];
  const { region = '', prefix = 'ramp-check', check: checks = [], 'clean-up': cleanUp } = given;
  const name = cleanUp ?? prefix;
  if (!given.rehearse && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    issues.push(`--region ${region || 'is missing'}: give one of AWS's regions, for example eu-central-1.`);
  if (!/^[a-z][a-z0-9-]{2,11}$/.test(name) || name.endsWith('-'))
    issues.push(
      `${cleanUp === undefined ? '--prefix' : '--clean-up'} ${name}: 3 to 12 lower-case letters, digits and dashes. It starts with a letter and does not end with a dash.`,
    );
  for (const id of checks.filter((each) => !known.includes(each)))
    issues.push(`--check ${id}: there is no such check. There are: ${known.join(', ')}.`);
  const { vpc, 'infrastructure-role': infrastructureRole, 'execution-role': executionRole } = given;
  const subnets = given.subnets?.split(',');
  const securityGroups = given['security-groups']?.split(',');
  if ((vpc === undefined) !== (subnets === undefined))
    issues.push('--vpc and --subnets go together: give both or neither.');
  if (subnets && subnets.length < 2)
    issues.push(`--subnets ${given.subnets}: a load balancer needs two subnets, in two zones.`);
  if (issues.length > 0) throw new UsageMistake(issues.join('\n'));
  return {
    region,
    prefix: name,
    checks,
    contract: !given['no-contract'],
    ground: {
      ...(vpc !== undefined && { vpc }),
      ...(subnets && { subnets }),
      ...(securityGroups && { securityGroups }),
      ...(infrastructureRole !== undefined && { infrastructureRole }),
      ...(executionRole !== undefined && { executionRole }),
    },
    image: given.image ?? DEFAULT_IMAGE,
    reportFile: given.report ?? null,
    what: given.rehearse ? 'rehearse' : cleanUp !== undefined ? 'clean up' : given.yes ? 'verify' : 'tell',
  };
}

function parse(parameters: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        region: text,
        prefix: text,
        check: { type: 'string', multiple: true },
        'no-contract': flag,
        vpc: text,
        subnets: text,
        'security-groups': text,
        'infrastructure-role': text,
        'execution-role': text,
        image: text,
        report: text,
        yes: flag,
        'clean-up': text,
        rehearse: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageMistake(error instanceof Error ? error.message : String(error));
  }
}
