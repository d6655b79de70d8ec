import type { Access } from '../core/access.ts';
import type { reconcileAction } from './actions/reconcile.ts';
import { accessOf } from './assemble.ts';
import { awsInputs, buildInputs, retentionInputs, releaseInputs } from './definitions.ts';
import type { ParsedInputs } from './rule.ts';
import { parseInputs } from './check.ts';
import { imagesOutliveRevisions } from './rules.ts';

/** Services that are maintained with one role in one region. */
export interface MaintenanceRound {
  readonly access: Access;
  readonly charges: readonly RetentionRequest[];
}

/** Services of one cluster with the same retention. */
export interface RetentionRequest {
  readonly cluster: string;
  /** Names in ECS; `null` for every service of the cluster. */
  readonly services: readonly string[] | null;
  /** How many of the newest revisions of each family are kept; `null` for all. */
  readonly keepRevisions: number | null;
  /** ECR repository of the images; `null` if unknown. */
  readonly repository: string | null;
  /** How many of the newest images are kept in the repository; `null` for all. */
  readonly keepImages: number | null;
}

type AskedRounds = ParsedInputs<typeof reconcileAction.definitions>;

/**
 * The rounds of reconcile/: one, or one for each role and region in ecs-ramp.yml. Rejects with
 * InvalidInputs.
 */
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

/** The settings that are read for each service. Inputs of the action override them. */
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
  // Loaded only when needed: the YAML parser is large.
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
  // Services that are not maintained in this run, or with another role, may push to the same
  // repository.
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

/**
 * The highest `keep-images` of the services that may share its repository; `null` for all images.
 */
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

/** The inputs of the action that override settings of the file, as text. */
function givenTexts({ values }: AskedRounds): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const name of [
    'keep-revisions',
    'keep-images',
    'aws-region',
    'role-to-assume',
    'allowed-account-ids',
  ] as const) {
    const value = values[name];
    if (value !== null) texts.set(name, String(value));
  }
  if (values['role-chaining']) texts.set('role-chaining', 'true');
  return texts;
}
