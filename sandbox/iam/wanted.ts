import type { Caller, Service } from '../wire/service.ts';
import type { Wanted } from './policy.ts';

/** A decoded call. */
export interface GuardedCall {
  readonly service: Service['name'];
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Pick<Caller, 'account' | 'region'>;
}

/** The service prefixes of IAM that differ from the names of the SDK's packages. */
const PREFIXES: Readonly<Partial<Record<Service['name'], string>>> = {
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'cloudwatch-logs': 'logs',
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  'service-quotas': 'servicequotas',
};

/**
 * The permissions that AWS requires for a call. All must be allowed; an empty list is always
 * allowed.
 */
export function wantedBy({ service, operation, input, caller }: GuardedCall): readonly Wanted[] {
  const prefix = PREFIXES[service] ?? service;
  const call = new Call(`${prefix}:${operation}`, input, {
    prefix: `arn:aws:${prefix}:${caller.region}:${caller.account}:`,
    roles: `arn:aws:iam::${caller.account}:role/`,
  });
  switch (service) {
    case 'acm':
      return [call.on(call.text('CertificateArn') || '*')];
    case 'ecs':
      return ofEcs(call, operation);
    case 'elastic-load-balancing-v2':
      return operation.startsWith('Describe') ? [call.on('*')] : call.onGivenArns();
    case 'cloudwatch':
      if (operation !== 'DescribeAlarms') return call.onGivenArns();
      return call.names('AlarmNames', ['*']).map((name) => call.on(call.arn(`alarm:${name}`)));
    case 'cloudwatch-logs':
      return [call.on(call.arn(logStream(call)))];
    case 'ecr':
      return call.names('repositoryNames', [call.text('repositoryName')]).map((name) =>
        // ecr:GetAuthorizationToken has no resource.
        call.on(name === '' ? '*' : call.arn(`repository/${name}`)),
      );
    case 'sts':
      return operation === 'AssumeRole' ? [call.on(call.text('RoleArn'))] : [];
    case 'application-auto-scaling':
    case 'auto-scaling':
    case 'ec2':
    case 'service-quotas':
      return [call.on('*')];
  }
}

const ON_DEPLOYMENTS = new Set([
  'ContinueServiceDeployment',
  'DescribeServiceDeployments',
  'DescribeServiceRevisions',
  'StopServiceDeployment',
]);
const ON_NOTHING = new Set([
  'ListClusters',
  'DescribeTaskDefinition',
  'DeregisterTaskDefinition',
  'ListTaskDefinitions',
]);

function ofEcs(call: Call, operation: string): readonly Wanted[] {
  if (ON_NOTHING.has(operation)) return [call.on('*')];
  const cluster = call.text('cluster').split('/').at(-1) || 'default';
  const inCluster = { 'ecs:cluster': call.arn(`cluster/${cluster}`) };
  const service = (name: string) => call.arnOr(name, `service/${cluster}/${name}`);
  if (ON_DEPLOYMENTS.has(operation)) {
    const arns = ['serviceDeploymentArns', 'serviceRevisionArns'].flatMap((member) => call.names(member, []));
    const all = arns.length > 0 ? arns : [call.text('serviceDeploymentArn')];
    return all.flatMap((arn) => [call.on(arn), call.on(serviceOf(arn))]);
  }
  switch (operation) {
    case 'ListTasks':
    case 'ListServices':
      return [call.on('*', inCluster)];
    case 'ListContainerInstances':
      return [call.on(inCluster['ecs:cluster'])];
    case 'DescribeContainerInstances':
      return call.names('containerInstances', []).map((arn) => call.on(arn, inCluster));
    case 'DescribeTasks':
      return call
        .names('tasks', [])
        .map((task) => call.on(call.arnOr(task, `task/${cluster}/${task}`), inCluster));
    case 'DescribeServices':
      return call.names('services', []).map((name) => call.on(service(name), inCluster));
    case 'TagResource':
      return [call.on(call.text('resourceArn'), { 'aws:TagKeys': call.tagKeys() })];
    case 'UntagResource':
      return [call.on(call.text('resourceArn'), { 'aws:TagKeys': call.names('tagKeys', []) })];
    case 'RegisterTaskDefinition': {
      const family = call.arn(`task-definition/${call.text('family')}:*`);
      const tagged = call.list('tags').length > 0;
      const creating = { 'ecs:CreateAction': operation, 'aws:TagKeys': call.tagKeys() };
      const isPrivileged = call
        .list('containerDefinitions')
        .some((each) => memberOf(each, 'privileged') === true);
      return [
        call.on(family, { 'ecs:privileged': String(isPrivileged) }),
        ...(tagged ? [{ action: 'ecs:TagResource', resource: family, context: creating }] : []),
        ...[call.text('taskRoleArn'), call.text('executionRoleArn')].flatMap((role) =>
          call.passing(role, 'ecs-tasks.amazonaws.com'),
        ),
      ];
    }
    default: {
      const name = call.text('service') || call.text('serviceName');
      if (name === '') return call.onGivenArns();
      const roles = call
        .list('loadBalancers')
        .map((each) => textIn(memberOf(each, 'advancedConfiguration'), 'roleArn'));
      return [
        call.on(service(name), { ...inCluster, ...ofUpdate(call) }),
        ...roles.flatMap((role) => call.passing(role, 'ecs.amazonaws.com')),
      ];
    }
  }
}

/** The condition keys of what a call to UpdateService changes. */
function ofUpdate(call: Call): Wanted['context'] {
  const taskDefinition = call.text('taskDefinition');
  const executes = call.member('enableExecuteCommand');
  const network = memberOf(call.member('networkConfiguration'), 'awsvpcConfiguration');
  const subnets = network === undefined ? undefined : textsIn(network, 'subnets');
  return {
    ...(taskDefinition !== '' && {
      'ecs:task-definition': call.arnOr(taskDefinition, `task-definition/${taskDefinition}`),
    }),
    ...(subnets !== undefined && { 'ecs:subnet': subnets }),
    ...(executes !== undefined && { 'ecs:enable-execute-command': executes === true ? 'true' : 'false' }),
  };
}

/** For a service deployment or revision: `arn:...:service-deployment/CLUSTER/SERVICE/ID`. */
function serviceOf(arn: string): string {
  return arn.replace(/:service-(?:deployment|revision)\/([^/]+)\/([^/]+)\/.*$/, ':service/$1/$2');
}

function logStream(call: Call): string {
  const group = call.text('logGroupName') || '*';
  const stream = call.text('logStreamName');
  return `log-group:${group}${stream === '' ? '' : `:log-stream:${stream}`}`;
}

interface Place {
  /** The prefix of the ARNs of the service's resources. */
  readonly prefix: string;
  /** The prefix of the ARNs of roles. */
  readonly roles: string;
}

/** Reads the input of a call and derives the required permissions. */
class Call {
  readonly #action: string;
  readonly #input: unknown;
  readonly #place: Place;

  constructor(action: string, input: unknown, place: Place) {
    this.#action = action;
    this.#input = input;
    this.#place = place;
  }

  on(resource: string, context: Wanted['context'] = {}): Wanted {
    return { action: this.#action, resource, context };
  }

  /** For every given ARN, or for `*` without ARNs. */
  onGivenArns(): readonly Wanted[] {
    const members = Object.entries(isObject(this.#input) ? this.#input : {});
    const arns = members
      .filter(([member]) => /arns?$/i.test(member))
      .flatMap(([, value]) => value)
      .filter((value) => typeof value === 'string');
    return (arns.length > 0 ? arns : ['*']).map((arn) => this.on(arn));
  }

  passing(role: string, to: string): readonly Wanted[] {
    if (role === '') return [];
    const resource = role.startsWith('arn:') ? role : `${this.#place.roles}${role}`;
    return [{ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': to } }];
  }

  arn(resource: string): string {
    return `${this.#place.prefix}${resource}`;
  }

  arnOr(given: string, resource: string): string {
    return given.startsWith('arn:') ? given : this.arn(resource);
  }

  text(member: string): string {
    return textIn(this.#input, member);
  }

  member(name: string): unknown {
    return memberOf(this.#input, name);
  }

  list(member: string): readonly unknown[] {
    const value = this.member(member);
    return Array.isArray(value) ? value : [];
  }

  tagKeys(): readonly string[] {
    return this.list('tags').map((tag) => textIn(tag, 'key'));
  }

  names(member: string, otherwise: readonly string[]): readonly string[] {
    const names = this.list(member).filter((value) => typeof value === 'string');
    return names.length > 0 ? names : otherwise;
  }
}

const textIn = (value: unknown, member: string): string => {
  const found = memberOf(value, member);
  return typeof found === 'string' ? found : '';
};

const textsIn = (value: unknown, member: string): readonly string[] => {
  const found = memberOf(value, member);
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
};

const memberOf = (value: unknown, member: string): unknown => (isObject(value) ? value[member] : undefined);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
