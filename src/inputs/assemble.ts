import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Access } from '../core/access.ts';
import type { deployAction } from './actions/deploy.ts';
import type { rollbackAction } from './actions/rollback.ts';
import {
  type awsInputs,
  type buildInputs,
  exceptionInputs,
  judgeInputs,
  type KnownInputs,
  type releaseInputs,
  rolloutInputs,
  type runInputs,
  type taskDefinitionInputs,
  type notificationInputs,
} from './definitions.ts';
import type { ParsedInputs, InputsOrigin } from './rule.ts';
import type { ConfigSettings } from './settings.ts';
import { readValues } from './values.ts';
import { contextOf, dockerfileOf, RECORDING } from './files.ts';
import type {
  BuildRequest,
  Judging,
  Request,
  RollbackRequest,
  RolloutRequest,
  NotificationSettings,
} from '../core/request.ts';
import { Secret } from '../core/secrecy/secret.ts';

/**
 * The request of the main action, or of one that has its inputs, with the defaults that depend on
 * other inputs.
 */
export function requestFor(parsed: ParsedInputs<KnownInputs>): Request {
  const { values, workspace } = parsed;
  const { service } = values;
  const eventsFile = resolve(workspace, values['events-file'] ?? join(reportsOf(parsed), service, EVENTS));
  return {
    service,
    image: values.image === null ? buildRequest(parsed) : { kind: 'given', reference: values.image },
    ...commonOf(parsed),
    eventsFile,
    recordingFile: join(dirname(eventsFile), RECORDING),
    summaryFile: resolve(workspace, values['summary-file'] ?? join(dirname(eventsFile), SUMMARY)),
  };
}

/**
 * The requests of deploy/, one for each service: an existing image, and a folder of reports for
 * each.
 */
export function deployRequests(parsed: ParsedInputs<typeof deployAction.definitions>): readonly Request[] {
  const { values, workspace } = parsed;
  const reports = resolve(workspace, values['report-directory'] ?? reportsOf(parsed));
  return values.service.map((service) => ({
    service,
    image: { kind: 'given', reference: values.image },
    ...commonOf(parsed),
    eventsFile: join(reports, service, EVENTS),
    recordingFile: join(reports, service, RECORDING),
    summaryFile: join(reports, service, SUMMARY),
  }));
}

/** The request of rollback/. */
export function rollbackRequest(parsed: ParsedInputs<typeof rollbackAction.definitions>): RollbackRequest {
  const { values, workspace, source } = parsed;
  const { service, cluster, to } = values;
  const eventsFile = resolve(workspace, values['events-file'] ?? join(reportsOf(parsed), service, EVENTS));
  return {
    service,
    cluster,
    to,
    rollout: rolloutOf({
      ...parsed,
      values: { ...values, steps: values['rollback-steps'], gates: null, ...GOING_BACK },
    }),
    access: accessOf(parsed),
    source,
    dryRun: values['dry-run'],
    eventsFile,
    recordingFile: join(dirname(eventsFile), RECORDING),
    summaryFile: resolve(workspace, values['summary-file'] ?? join(dirname(eventsFile), SUMMARY)),
  };
}

/** A rollback always deploys an older release. */
const GOING_BACK = { 'on-newer': 'deploy' } as const;

/** The notifications of an action. An action without such inputs has none. */
export function notificationSettingsOf({
  values,
}: {
  readonly values: Readonly<Record<string, unknown>>;
}): NotificationSettings {
  const isTrue = (name: keyof typeof notificationInputs) => values[name] === true;
  const given = (name: keyof typeof notificationInputs | 'environment'): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  const secret = (name: keyof typeof notificationInputs): Secret | null => {
    const value = values[name];
    return value instanceof Secret ? value : null;
  };
  const url = secret('webhook');
  return {
    token: secret('github-token'),
    deployment: isTrue('github-deployment'),
    commitStatus: isTrue('commit-status'),
    comment: isTrue('comment'),
    issueOnRollback: isTrue('issue-on-rollback'),
    environment: given('environment'),
    environmentUrl: given('environment-url'),
    webhook: url === null ? null : { url, format: given('webhook-format') === 'teams' ? 'teams' : 'json' },
  };
}

const EVENTS = 'events.jsonl';
const SUMMARY = 'summary.md';

/** Outside of a runner, in the user's folder for state: others can put links in that for temporary files. */
function reportsOf({ environment }: InputsOrigin): string {
  return join(environment['RUNNER_TEMP'] || stateFolder(environment), 'ecs-ramp');
}

/** As the XDG Base Directory Specification says. */
function stateFolder(environment: InputsOrigin['environment']): string {
  const given = environment['XDG_STATE_HOME'];
  if (given && isAbsolute(given)) return given;
  return join(environment['HOME'] || homedir(), '.local', 'state');
}

/** Texts of a list that was parsed. */
function idsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

type Common = Pick<typeof releaseInputs, 'cluster'> &
  typeof taskDefinitionInputs &
  Pick<typeof runInputs, 'dry-run'> &
  Rolling;

function commonOf(
  parsed: ParsedInputs<Common>,
): Pick<Request, 'cluster' | 'taskDefinition' | 'rollout' | 'access' | 'source' | 'dryRun'> {
  const { values, workspace, source } = parsed;
  const file = values['task-definition'];
  return {
    cluster: values.cluster,
    taskDefinition: {
      file: file && resolve(workspace, file),
      containerName: values['container-name'],
      environmentVariables: recordOf(values['environment-variables']),
      secrets: recordOf(values.secrets),
      forbid: values.forbid ?? [],
    },
    rollout: rolloutOf(parsed),
    access: accessOf(parsed),
    source,
    dryRun: values['dry-run'],
  };
}

/** The access of an action to AWS. An action without such inputs uses the environment. */
export function accessOf({
  values,
  environment,
}: {
  readonly values: Readonly<Record<string, unknown>>;
  readonly environment: InputsOrigin['environment'];
}): Access {
  const given = (name: keyof typeof awsInputs): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  const accounts = idsOf(values['allowed-account-ids']);
  return {
    region: given('aws-region') ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || null),
    role: given('role-to-assume'),
    chaining: values['role-chaining'] === true,
    ...(accounts.length > 0 && { accounts }),
  };
}

/** The image to build and push. */
export function buildRequest(parsed: ParsedInputs<typeof buildInputs>): BuildRequest {
  const { values, source, environment } = parsed;
  const buildArgs = new Map<string, string>();
  for (const [name, value] of values['build-args'] ?? [])
    buildArgs.set(name, value ?? present(environment[name]));
  return {
    kind: 'build',
    context: contextOf(parsed),
    file: dockerfileOf(parsed),
    target: values.target,
    buildArgs: recordOf(buildArgs),
    buildSecrets: recordOf(values['build-secrets']),
    labels: recordOf(values.labels),
    platforms: values.platforms ?? [],
    cacheFrom: values['cache-from'] ?? [],
    reuse: values['reuse-image'] === true,
    tags: values.tags ?? [present(source.commit)],
    push: {
      repository: present(values.repository),
      registry: values.registry,
      username: values['registry-username'],
      password: values['registry-password'],
    },
  };
}

type Rolling = typeof rolloutInputs & typeof judgeInputs & typeof exceptionInputs;

/** How the rollout runs. */
export function rolloutOf({
  values,
  workspace,
}: Pick<ParsedInputs<Rolling>, 'values' | 'workspace'>): RolloutRequest {
  const judging: Judging = {
    metricPeriod: values['metric-period'],
    metricDelay: values['metric-delay'],
    warmUp: values['warm-up'],
    falseAlarmRate: values['false-alarm-rate'],
    errorTolerance: values['error-tolerance'],
    maxErrorRate: values['max-error-rate'],
    latencyMargin: values['latency-margin'],
  };
  return {
    strategy: values.strategy,
    steps: values.steps,
    bakeTime: values['bake-time'],
    stepTimeout: values['step-timeout'],
    startTimeout: values['start-timeout'],
    capacityTimeout: values['capacity-timeout'],
    keepOld: values['keep-old'],
    gates: (values.gates ?? []).map((gate) =>
      gate.kind === 'command' ? { ...gate, directory: workspace } : gate,
    ),
    smokeTests: values['smoke-test'] ?? [],
    smokeTestUrl: values['smoke-test-url'],
    judging,
    metrics: values.metrics ?? [],
    alarms: values.alarms ?? [],
    onInconclusive: values['on-inconclusive'],
    onNoRoom: values['on-no-room'],
    containerLogs: values['container-logs'],
    onConflict: values['on-conflict'],
    conflictTimeout: values['conflict-timeout'],
    onCancel: values['on-cancel'],
    onNewer: values['on-newer'],
  };
}

function recordOf<T>(map: ReadonlyMap<string, T> | null): Readonly<Record<string, T>> {
  return Object.fromEntries(map ?? []);
}

/** A value whose presence a rule has checked. */
function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a required value is missing after validation');
  return value;
}

/**
 * The rollout from settings of ecs-ramp.yml. Invalid settings count as not given: a run rejects
 * them. Pure.
 */
export function rolloutIn(settings: ConfigSettings): RolloutRequest {
  const texts = new Map([...settings].map(([name, { text }]) => [name, text]));
  // The workspace is used only to run gate commands, which does not happen here.
  return rolloutOf({
    ...readValues({ ...rolloutInputs, ...judgeInputs, ...exceptionInputs }, { texts }),
    workspace: '',
  });
}
