import { parseArgs } from 'node:util';
import type { Ground } from './stack/ground.ts';

export const DEFAULT_IMAGE = 'public.ecr.aws/docker/library/busybox:stable';

export const USAGE = `script/verify-on-aws: tries on a real AWS account what ecs-ramp assumes of AWS (docs/assumptions.md), on a small stack that
it makes for it and removes again, also after ctrl-C. Credentials come from the environment, as for the AWS CLI.
  --region R                where; needed
  --prefix NAME             of every name, and the value of the tag ecs-ramp-verify; default ramp-check
  --check ID                only the stories that find out about this one; may be given again
  --no-contract             without the cases that the sandbox is tried with too
  --vpc V --subnets S,S     the default VPC and two of its subnets unless given
  --security-groups G,G     unless given, one is made that admits anybody to ports 80 and 9080
  --infrastructure-role ARN for ECS, with AmazonECSInfrastructureRolePolicyForLoadBalancers; made unless given
  --execution-role ARN      for the tasks, with AmazonECSTaskExecutionRolePolicy; made unless given
  --image IMAGE             with sh and busybox's httpd; default ${DEFAULT_IMAGE}
  --report FILE             also write the table there, as Markdown
  --yes                     begin; without it, only what would be done and what it would cost is told
  --clean-up NAME           remove what a killed run with this prefix has left, and nothing else
  --rehearse                do it to the sandbox instead, in seconds, without an account`;

/** The command line is not understood. The message says what was expected, all mistakes at once. */
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

/** Throws UsageMistake. @param known the ids that `--check` may have. */
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
    issues.push(`--region ${region || 'is missing'}: give one of AWS's, such as eu-central-1.`);
  if (!/^[a-z][a-z0-9-]{2,11}$/.test(name) || name.endsWith('-'))
    issues.push(
      `${cleanUp === undefined ? '--prefix' : '--clean-up'} ${name}: 3 to 12 lower-case letters, digits and dashes, a letter first and no dash last.`,
    );
  for (const id of checks.filter((each) => !known.includes(each)))
    issues.push(`--check ${id}: there is no such check. There are: ${known.join(', ')}.`);
  const { vpc, 'infrastructure-role': infrastructureRole, 'execution-role': executionRole } = given;
  const subnets = given.subnets?.split(',');
  const securityGroups = given['security-groups']?.split(',');
  if ((vpc === undefined) !== (subnets === undefined))
    issues.push('--vpc and --subnets go together: give both or none.');
  if (subnets && subnets.length < 2)
    issues.push(`--subnets ${given.subnets}: a load balancer needs two, in two zones.`);
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
