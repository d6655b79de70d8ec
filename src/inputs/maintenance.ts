import type { Access } from '../core/access.ts';
import type { reconcileAction } from './actions/reconcile.ts';
import { accessOf } from './assemble.ts';
import { awsInputs, buildInputs, retentionInputs, releaseInputs } from './definitions.ts';
import type { ParsedInputs } from './rule.ts';
import { parseInputs } from './check.ts';
import { imagesOutliveRevisions } from './rules.ts';

/** Services that are looked after by one role in one region. */
export interface MaintenanceRound {
  readonly access: Access;
  readonly charges: readonly RetentionRequest[];
}

/** Services of a cluster of which as much stays. */
export interface RetentionRequest {
  readonly cluster: string;
  /** Names in ECS; null: every one of the cluster. */
  readonly services: readonly string[] | null;
  /** So many of the newest revisions of each family stay; null: all. */
  readonly keepRevisions: number | null;
  /** That its images are pushed to, in ECR; null: not known. */
  readonly repository: string | null;
  /** So many of the newest images stay there; null: all. */
  readonly keepImages: number | null;
}

type AskedRounds = ParsedInputs<typeof reconcileAction.definitions>;

/** What reconcile/ is asked to look after: one round, or as many as ecs-ramp.yml has roles and regions. Rejects with InvalidInputs. */
export async function maintenanceRounds(parsed: AskedRounds): Promise<readonly MaintenanceRound[]> {
  const { config, cluster, service } = parsed.values;
  if (config !== null) return written(config, parsed);
  const charge = {
    services: service,
    keepRevisions: parsed.values['keep-revisions'],
    repository: null,
    keepImages: null,
  };
  const clusters = cluster ?? [releaseInputs.cluster.default];
  return [{ access: accessOf(parsed), charges: clusters.map((name) => ({ ...charge, cluster: name })) }];
}

/** What is read of each service: what the action is given stands over it. */
const ofAService = {
  definitions: {
    service: releaseInputs.service,
    cluster: releaseInputs.cluster,
    repository: buildInputs.repository,
    registry: buildInputs.registry,
    ...retentionInputs,
    ...awsInputs,
  },
  rules: [imagesOutliveRevisions],
};

async function written(file: string, parsed: AskedRounds): Promise<readonly MaintenanceRound[]> {
  // YAML is a lot of code for those who write their inputs in the workflow.
  const [{ chosenEnvironment: askedEnvironment }, { loadConfig }, { settingsOf }] = await Promise.all([
    import('./config/chosen-settings.ts'),
    import('./config/load.ts'),
    import('./config/settings-of.ts'),
  ]);
  const { values, environment: env, workspace } = parsed;
  const config = await loadConfig(file, workspace);
  const environment = askedEnvironment(config, values.environment, env);
  const texts = givenTexts(parsed);
  const rounds = new Map<string, { access: Access; charges: RetentionRequest[] }>();
  const read = (name: string, rules = ofAService.rules) => {
    const settings = settingsOf(config, name, environment);
    return parseInputs({ ...ofAService, rules }, { texts, issues: [], settings }, { env, workspace });
  };
  const chosen = values.service ?? [...config.services.keys()];
  const asks = chosen.map((name) => read(name));
  // Who is not looked after now, or by another role, may push there too.
  const deletes = asks.some((own) => own.values['keep-images'] !== null);
  const sharing = deletes ? [...config.services.keys()].map((name) => read(name, [])) : asks;
  for (const own of asks) {
    const by = accessOf(own);
    const round = rounds.get(JSON.stringify(by)) ?? { access: by, charges: [] };
    rounds.set(JSON.stringify(by), round);
    round.charges.push({
      cluster: own.values.cluster,
      services: [own.values.service],
      keepRevisions: own.values['keep-revisions'],
      repository: own.values.registry === null ? own.values.repository : null,
      keepImages: mostImages(own, sharing),
    });
  }
  return [...rounds.values()];
}

type Own = ParsedInputs<typeof ofAService.definitions>;

/** As many as any service wants of those that share its repository, as far as that can be known; null: all. */
function mostImages(own: Own, sharing: readonly Own[]): number | null {
  const counts = sharing
    .filter(({ values }) => values.repository === own.values.repository)
    .filter(
      ({ values }) => values.registry === null && mayBeSame(values['aws-region'], own.values['aws-region']),
    )
    .map(({ values }) => values['keep-images'] ?? Infinity);
  const most = Math.max(own.values['keep-images'] ?? Infinity, ...counts);
  return most === Infinity ? null : most;
}

const mayBeSame = (one: string | null, other: string | null): boolean =>
  one === other || one === null || other === null;

/** What the action was given of that, as text. */
function givenTexts({ values }: AskedRounds): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const name of ['keep-revisions', 'keep-images', 'aws-region', 'role-to-assume'] as const) {
    const value = values[name];
    if (value !== null) texts.set(name, String(value));
  }
  if (values['role-chaining']) texts.set('role-chaining', 'true');
  return texts;
}
