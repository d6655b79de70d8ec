import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../core/arn.ts';
import { MASK, withoutSecrets } from '../core/secrecy/secret-text.ts';
import { UserError } from '../core/failure.ts';
import type { SdkPlugin } from './aws-time.ts';
import { failureInWords } from './errors.ts';
import { undisclosedIn } from './task-definition/disclosed.ts';

/**
 * Middleware for AWS SDK clients: a call that fails after all attempts rejects with a UserError,
 * whose cause is the SDK's error.
 */
export const explaining: SdkPlugin = {
  applyToStack(stack) {
    stack.add(
      (next: Next, { clientName, commandName }: Context): Next =>
        (call) =>
          next(call).catch((error: unknown) => {
            const action = `${PREFIXES[clientName] ?? clientName}:${commandName.replace(/Command$/, '')}`;
            throw explained(error, action, call.input);
          }),
      // Around the retries.
      { step: 'initialize', priority: 'high', name: 'explains', override: true },
    );
  },
};

interface Call {
  readonly input: object;
}
type Next = (call: Call) => Promise<unknown>;

interface Context {
  readonly clientName: string;
  readonly commandName: string;
}

/** Client to the prefix of its IAM actions. */
const PREFIXES: Readonly<Record<string, string>> = {
  ACMClient: 'acm',
  ApplicationAutoScalingClient: 'application-autoscaling',
  AutoScalingClient: 'autoscaling',
  CloudWatchClient: 'cloudwatch',
  CloudWatchLogsClient: 'logs',
  EC2Client: 'ec2',
  ECRClient: 'ecr',
  ECSClient: 'ecs',
  ElasticLoadBalancingV2Client: 'elasticloadbalancing',
  ServiceQuotasClient: 'servicequotas',
};

/** `action`: the IAM action. A UserError is returned as it is. */
export function explained(error: unknown, action: string, input: object): UserError {
  if (error instanceof UserError) return error;
  const inWords = failureInWords(error, { action, on: resourceOf(input) });
  return new UserError(withoutSecrets(withoutValuesOf(input, inWords)), { cause: error });
}

/** Shorter values would match within words. */
const LEAST_VALUE = 4;

/** AWS repeats values of a task definition that it refuses. */
function withoutValuesOf(input: object, message: string): string {
  if (!('containerDefinitions' in input && 'family' in input)) return message;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no other input has both members
  const values = undisclosedIn(input as RegisterTaskDefinitionCommandInput);
  return values
    .filter((value) => value.length >= LEAST_VALUE)
    .reduce((shown, value) => shown.replaceAll(value, MASK), message);
}

/** The first of these members that an input has names the resource of the call. */
const MEMBERS: readonly (readonly [member: string, kind: string])[] = [
  ['serviceDeploymentArn', 'service deployment'],
  ['serviceDeploymentArns', 'service deployment'],
  ['serviceRevisionArns', 'service revision'],
  ['service', 'service'],
  ['services', 'service'],
  ['serviceName', 'service'],
  ['resourceArn', 'service'],
  ['taskDefinition', 'task definition'],
  ['familyPrefix', 'family'],
  ['family', 'task definition'],
  ['cluster', 'cluster'],
  ['TargetGroupArn', 'target group'],
  ['TargetGroupArns', 'target group'],
  ['RuleArns', 'listener rule'],
  ['CertificateArn', 'certificate'],
  ['ListenerArn', 'listener'],
  ['ListenerArns', 'listener'],
  ['LoadBalancerArns', 'load balancer'],
  ['AlarmNames', 'alarm'],
  ['ResourceId', 'resource'],
  ['MetricDataQueries', 'the metrics'],
  ['repositoryName', 'repository'],
  ['repositoryNames', 'repository'],
  ['logGroupName', 'log group'],
];

/** `service web`, `target group web-blue`. */
function resourceOf(input: object): string {
  const members: Readonly<Record<string, unknown>> = { ...input };
  const found = MEMBERS.find(([member]) => members[member] !== undefined);
  if (found === undefined) return 'this account';
  const [member, kind] = found;
  const values = [members[member]].flat();
  if (member === 'services' && values.length > 1) return `cluster ${nameOfArn(String(members['cluster']))}`;
  const names = values.flatMap((value) => (typeof value === 'string' ? shown(kind, value) : []));
  return [kind, names.join(', ')].filter(Boolean).join(' ');
}

/** The name for kinds whose names are meaningful, otherwise the ARN. */
function shown(kind: string, value: string): string {
  return kind === 'service' || kind === 'cluster' || kind === 'target group' ? nameOfArn(value) : value;
}
