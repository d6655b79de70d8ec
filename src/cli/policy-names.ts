import { ecrHost } from '../image/ecr-host.ts';
import { InvalidInputs, inputIssue, type Issue } from '../inputs/issue.ts';
import { partitionOf, type ServiceNames } from '../commands/policy/names.ts';
import type { Use } from '../commands/policy/needs.ts';
import type { CliContext } from './command.ts';
import type { OptionValues } from './options.ts';
import { writtenServices, type WrittenService } from './policy-config.ts';
import type { FromAws } from './policy-from-aws.ts';
import { accountOption, type namesOptions, NONE } from './policy-options.ts';

export type PolicyNamesReader = OptionValues<typeof namesOptions> & { readonly for: readonly Use[] };

/** Uses that can apply to a whole cluster. */
const OF_CLUSTERS: ReadonlySet<Use> = new Set(['status', 'reconcile', 'repair', 'clean-up']);
/** Uses that register task definitions and start tasks. */
const RELEASING: ReadonlySet<Use> = new Set(['deploy', 'rollback']);
/** Uses that call UpdateService. */
const UPDATING: ReadonlySet<Use> = new Set(['deploy', 'rollback', 'reconcile']);

/**
 * The names that a policy for services contains: from the options, from ecs-ramp.yml, or from AWS.
 * Rejects with InvalidInputs with all missing names, and with UserError if AWS refuses.
 */
export async function readPolicyNames(
  parsed: PolicyNamesReader,
  given: ReadonlySet<string>,
  context: Pick<CliContext, 'env' | 'cwd' | 'connect'>,
): Promise<readonly ServiceNames[]> {
  const services = await servicesAsked(parsed, context);
  const wrong: Issue[] = [];
  if (services.length > 1) wrong.push(...ofOneService(given));
  const found: ServiceNames[] = [];
  for (const service of services) {
    const names = new Names(parsed, service, context);
    if (parsed['from-aws'] && service.service !== '*' && wrong.length === 0) await names.read();
    found.push(names.all());
    wrong.push(...names.issues.map((each) => (services.length > 1 ? named(each, service.service) : each)));
  }
  if (wrong.length > 0) throw new InvalidInputs(wrong);
  return found;
}

async function servicesAsked(
  parsed: PolicyNamesReader,
  context: Pick<CliContext, 'env' | 'cwd'>,
): Promise<readonly WrittenService[]> {
  if (parsed.config !== null) return writtenServices({ ...parsed, config: parsed.config }, context);
  if (parsed.service !== null) return [{ service: parsed.service, settings: new Map(), definition: null }];
  if (parsed.for.every((use) => OF_CLUSTERS.has(use))) {
    return [{ service: '*', settings: new Map(), definition: null }];
  }
  throw new InvalidInputs([
    inputIssue('--service', {
      problem: 'it is missing',
      fix: 'name the ECS service, or give --config; only status and reconcile can apply to a whole cluster',
    }),
  ]);
}

/** Options that cannot be the same for several services. */
function ofOneService(given: ReadonlySet<string>): readonly Issue[] {
  return ['repository', 'family', 'task-roles', 'infrastructure-role', 'log-groups']
    .filter((name) => given.has(name))
    .map((name) =>
      inputIssue(`--${name}`, {
        problem: 'it would be the same for several services',
        fix: 'name one of them with --service, or give --from-aws',
      }),
    );
}

const named = ({ input, given, text }: Issue, service: string): Issue => ({
  input,
  given,
  text: `services.${service}: ${text}`,
});

/** The names of one service, and issues for those that are missing. */
class Names {
  readonly issues: Issue[] = [];
  readonly #parsed: PolicyNamesReader;
  readonly #written: WrittenService;
  readonly #context: Pick<CliContext, 'env' | 'connect'>;
  #aws: FromAws | null = null;

  constructor(
    parsed: PolicyNamesReader,
    written: WrittenService,
    context: Pick<CliContext, 'env' | 'connect'>,
  ) {
    this.#parsed = parsed;
    this.#written = written;
    this.#context = context;
  }

  async read(): Promise<void> {
    const { readFromAws } = await import('./policy-from-aws.ts');
    const clients = this.#context.connect({ region: this.#region(), role: null, chaining: false });
    this.#aws = await readFromAws(clients, { cluster: this.#cluster(), service: this.#written.service });
  }

  all(): ServiceNames {
    const { service, definition } = this.#written;
    const { for: uses, ...given } = this.#parsed;
    const region = this.#region() ?? this.#missing('--aws-region', 'set AWS_REGION, or give --aws-region');
    const account =
      given.account ??
      this.#aws?.account ??
      /^arn:[^:]+:iam::(\d{12}):/.exec(this.#text('role-to-assume') ?? '')?.[1] ??
      this.#missing('--account', `give ${accountOption}`);
    const partition = partitionOf(region);
    const role = (name: string) =>
      name.startsWith('arn:') ? name : `arn:${partition}:iam::${account}:role/${name}`;
    const releases = uses.some((use) => RELEASING.has(use));
    const updates = uses.some((use) => UPDATING.has(use));
    const rolling = this.#text('strategy') === 'rolling';
    const infrastructureRole =
      given['infrastructure-role'] ??
      (rolling ? NONE : null) ??
      (this.#aws && (this.#aws.infrastructureRole ?? NONE)) ??
      // `any` is a placeholder: without a role, the policy cannot read load balancers.
      (updates
        ? this.#unknown('infrastructure-role', `the role that the service's advancedConfiguration names`)
        : 'any');
    const several = (
      option: 'task-roles' | 'log-groups',
      otherwise: readonly string[] | undefined,
      what: string,
    ) =>
      (given[option] ?? otherwise ?? (releases ? [this.#unknown(option, what)] : [])).filter(
        (each) => each !== NONE,
      );
    return {
      partition,
      region,
      account,
      cluster: this.#cluster(),
      service,
      family:
        given.family ??
        definition?.family ??
        this.#aws?.family ??
        (releases ? this.#missing('--family', `give the family of its task definitions, ${OR_READ}`) : null),
      repository: this.#repository(),
      logGroups: several('log-groups', definition?.logGroups ?? this.#aws?.logGroups, 'its log groups'),
      taskRoles: several(
        'task-roles',
        definition?.taskRoles ?? this.#aws?.taskRoles,
        'the roles that its task definition names',
      ).map(role),
      infrastructureRole: infrastructureRole === NONE ? null : role(infrastructureRole),
      rolling,
      privileged: definition?.privileged ?? this.#aws?.privileged ?? false,
      subnets: this.#aws?.subnets ?? [],
      alarms: given.alarms !== null || this.#text('alarms') !== undefined,
    };
  }

  /** A given image is not pushed, but its digest is read from ECR. */
  #repository(): ServiceNames['repository'] {
    const image = this.#text('image');
    if (image !== undefined) {
      const [, host = '', name] = /^([^/]+)\/([^@:]+)/.exec(image) ?? [];
      const registry = ecrHost(host);
      return name !== undefined && registry !== null ? { name, builds: false, registry } : null;
    }
    const name = this.#parsed.repository ?? this.#text('repository');
    return name === undefined || this.#text('registry') !== undefined ? null : { name, builds: true };
  }

  #region(): string | null {
    const { env } = this.#context;
    return (
      this.#parsed['aws-region'] ??
      this.#text('aws-region') ??
      env['AWS_REGION'] ??
      env['AWS_DEFAULT_REGION'] ??
      null
    );
  }

  #cluster(): string {
    return this.#parsed.cluster ?? this.#text('cluster') ?? 'default';
  }

  #text(input: string): string | undefined {
    return this.#written.settings.get(input);
  }

  #unknown(option: string, what: string): string {
    return this.#missing(`--${option}`, `give ${what}, or ${NONE} if there is none, ${OR_READ}`);
  }

  #missing(input: string, fix: string): string {
    this.issues.push(inputIssue(input, { problem: 'it is unknown', fix }));
    return '';
  }
}

const OR_READ = 'or use --from-aws to read it';
