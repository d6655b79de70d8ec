import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { build, exceptions, judging, KnownInputs, rollout } from './definitions.ts';
import type { Asked } from './facts.ts';
import { contextOf, dockerfileOf, RECORDING } from './files.ts';
import type { BuildRequest, Judging, Request, RolloutRequest } from './request.ts';

/** The request, once no rule is broken: fills in the defaults that follow from other inputs. */
export function assemble(asked: Asked<KnownInputs>): Request {
  const { values, source, environment, workspace } = asked;
  const { service } = values;
  const eventsFile = resolve(
    workspace,
    values['events-file'] ??
      join(environment['RUNNER_TEMP'] || tmpdir(), 'ecs-ramp', service, 'events.jsonl'),
  );
  const taskDefinitionFile = values['task-definition'];
  return {
    service,
    cluster: values.cluster,
    image: values.image === null ? buildOf(asked) : { kind: 'given', reference: values.image },
    taskDefinition: {
      file: taskDefinitionFile && resolve(workspace, taskDefinitionFile),
      containerName: values['container-name'],
      environmentVariables: recordOf(values['environment-variables']),
      secrets: recordOf(values.secrets),
    },
    rollout: rolloutOf(asked),
    source,
    dryRun: values['dry-run'],
    eventsFile,
    recordingFile: join(dirname(eventsFile), RECORDING),
    summaryFile: resolve(workspace, values['summary-file'] ?? join(dirname(eventsFile), 'summary.md')),
  };
}

export function buildOf(asked: Asked<typeof build>): BuildRequest {
  const { values, source, environment } = asked;
  const buildArgs = new Map<string, string>();
  for (const [name, value] of values['build-args'] ?? [])
    buildArgs.set(name, value ?? present(environment[name]));
  return {
    kind: 'build',
    context: contextOf(asked),
    file: dockerfileOf(asked),
    target: values.target,
    buildArgs: recordOf(buildArgs),
    buildSecrets: recordOf(values['build-secrets']),
    labels: recordOf(values.labels),
    platforms: values.platforms ?? [],
    cacheFrom: values['cache-from'] ?? [],
    tags: values.tags ?? [present(source.commit)],
    push: {
      repository: present(values.repository),
      registry: values.registry,
      username: values['registry-username'],
      password: values['registry-password'],
    },
  };
}

export function rolloutOf({
  values,
}: Asked<typeof rollout & typeof judging & typeof exceptions>): RolloutRequest {
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
    steps: values.steps,
    bakeTime: values['bake-time'],
    stepTimeout: values['step-timeout'],
    startTimeout: values['start-timeout'],
    keepOld: values['keep-old'],
    smokeTests: values['smoke-test'] ?? [],
    smokeTestUrl: values['smoke-test-url'],
    judging,
    metrics: values.metrics ?? [],
    alarms: values.alarms ?? [],
    onInconclusive: values['on-inconclusive'],
    onConflict: values['on-conflict'],
    conflictTimeout: values['conflict-timeout'],
    onCancel: values['on-cancel'],
  };
}

function recordOf(map: ReadonlyMap<string, string> | null): Readonly<Record<string, string>> {
  return Object.fromEntries(map ?? []);
}

/** What a rule has made sure of. */
function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a rule let through what is missing');
  return value;
}
