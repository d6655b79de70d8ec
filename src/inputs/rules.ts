import { isEcrHost } from '../core/arn.ts';
import { stepsProblem } from '../core/plan/ecs-steps.ts';
import { CHOICES } from '../core/plan/strategies.ts';
import { buildInputs, type retentionInputs, type rolloutInputs } from './definitions.ts';
import { builds, type Facts, type FactsOn, isMissing } from './rule.ts';
import { inUnits } from '../core/time/duration.ts';
import { contextIsThere, dockerfileIsThere, taskDefinitionIsUsable } from './files.ts';
import { inputIssue, type Issue } from './issue.ts';

const buildInputNames = Object.keys(buildInputs).filter((name): name is keyof typeof buildInputs =>
  Object.hasOwn(buildInputs, name),
);

/** Requires either an existing image, or the repository that the built image is pushed to. */
export function* imageOrBuild(facts: FactsOn<'image' | keyof typeof buildInputs>) {
  if (builds(facts)) {
    if (!isMissing(facts, 'repository')) return;
    yield inputIssue('repository', {
      problem: 'it is missing',
      fix: 'name the repository that the image is pushed to, or give image to deploy an existing image',
    });
    return;
  }
  const given = buildInputNames.filter((name) => !isMissing(facts, name));
  if (given.length === 0) return;
  yield inputIssue('image', {
    problem: `it is given together with build inputs (${given.join(', ')}), but an existing image is not built`,
    fix: 'remove image or the build inputs',
  });
}

export function* chainingNeedsARole(facts: FactsOn<'role-to-assume' | 'role-chaining'>) {
  if (!facts.values['role-chaining'] || !isMissing(facts, 'role-to-assume')) return;
  yield inputIssue('role-chaining', {
    problem: 'it requires role-to-assume, which is not given',
    fix: 'give role-to-assume, or remove role-chaining',
  });
}

function* registryGoesWithCredentials(
  facts: FactsOn<'registry' | 'registry-username' | 'registry-password'>,
) {
  const { registry } = facts.values;
  const noUsername = isMissing(facts, 'registry-username');
  const noPassword = isMissing(facts, 'registry-password');
  if (noUsername !== noPassword) {
    const [there, absent] = noUsername
      ? (['registry-password', 'registry-username'] as const)
      : (['registry-username', 'registry-password'] as const);
    yield inputIssue(absent, {
      problem: `it is missing, but ${there} is given`,
      fix: 'give both or neither',
    });
  } else if (!noUsername && isMissing(facts, 'registry')) {
    yield inputIssue('registry', {
      problem:
        "it is missing, but registry-username and registry-password are given; the account's own ECR requires neither",
      fix: 'give the host of the registry, or remove registry-username and registry-password',
    });
  } else if (noUsername && registry !== null && isEcrHost(registry)) {
    yield inputIssue('registry', {
      given: registry,
      problem: `"${registry}" is Amazon ECR, and no username is given`,
      fix: "remove registry to use the account's own ECR; for the ECR of another account, give registry-username AWS and its token as registry-password",
    });
  }
}

function* buildArgsHaveValues({ values, environment }: FactsOn<'build-args'>) {
  for (const [name, value] of values['build-args'] ?? []) {
    if (value !== null || (Object.hasOwn(environment, name) && environment[name] !== undefined)) continue;
    yield inputIssue('build-args', {
      given: name,
      problem: `${name} has no value, and there is no environment variable of that name`,
      fix: `write ${name}=value, or set ${name} in env`,
    });
  }
}

function* releaseHasTag(facts: FactsOn<'tags'>) {
  if (!isMissing(facts, 'tags') || facts.source.commit !== null) return;
  const isRunner = facts.environment['GITHUB_ACTIONS'] === 'true';
  yield inputIssue('tags', {
    problem: `it is missing, and there is no commit to name the image after${isRunner ? ' (GITHUB_SHA is not set)' : ''}`,
    fix: isRunner
      ? 'give a tag'
      : 'commit all changes, so that the image is named after HEAD; or give a tag, or --commit',
  });
}

function* variableOrSecret({ values }: FactsOn<'environment-variables' | 'secrets'>) {
  for (const name of values['environment-variables']?.keys() ?? []) {
    if (!values.secrets?.has(name)) continue;
    yield inputIssue('secrets', {
      problem: `${name} is also in environment-variables, and a container can have it only once`,
      fix: 'remove it from one of the two',
    });
  }
}

function* bakeEndsBeforeTimeout({ values, misread }: FactsOn<'bake-time' | 'step-timeout'>) {
  const bake = values['bake-time'];
  const timeout = values['step-timeout'];
  if (bake < timeout || misread.has('bake-time') || misread.has('step-timeout')) return;
  yield inputIssue('bake-time', {
    given: inUnits(bake),
    problem: `${inUnits(bake)} is not shorter than step-timeout, ${inUnits(timeout)}, so no step could pass`,
    fix: 'shorten bake-time or lengthen step-timeout',
  });
}

function* ecsCanClimbTheSteps(facts: FactsOn<'steps'>) {
  yield* ecsCanClimb('steps', facts.values.steps, facts.misread);
}

function* ecsCanClimbTheWayBack({
  values,
  misread,
}: Facts<{ readonly 'rollback-steps': (typeof rolloutInputs)['steps'] }>) {
  yield* ecsCanClimb('rollback-steps', values['rollback-steps'], misread);
}

function* ecsCanClimb(input: string, steps: readonly number[], misread: ReadonlySet<string>) {
  const problem = misread.has(input) ? null : stepsProblem(steps);
  if (problem === null) return;
  yield inputIssue(input, {
    given: steps.join(','),
    problem: problem.why,
    fix: `write for example ${problem.instead.join(',')}`,
  });
}

function* gatesStandAtSteps({ values, misread }: FactsOn<'gates' | 'steps'>) {
  if (misread.has('gates') || misread.has('steps')) return;
  const places = [0, ...values.steps.filter((step) => step < 100)];
  for (const { percent } of values.gates ?? []) {
    if (places.some((place) => place === percent)) continue;
    yield inputIssue('gates', {
      given: String(percent),
      problem:
        percent === 100
          ? 'a gate at 100% has no effect, because no traffic is left to hold back'
          : `${percent}% is not a step of this rollout`,
      fix: `put the gate at ${places.join(' or ')}`,
    });
  }
}

/** Every kept revision requires its image, and `keep-images` requires a repository in ECR. */
export function* imagesOutliveRevisions({
  values,
  misread,
}: Facts<typeof retentionInputs & Pick<typeof buildInputs, 'repository' | 'registry'>>): Iterable<Issue> {
  const { 'keep-images': images, 'keep-revisions': revisions, repository, registry } = values;
  if (images === null || misread.has('keep-revisions')) return;
  const wrong = (problem: string, fix: string) =>
    inputIssue('keep-images', { given: String(images), problem, fix });
  if (registry !== null) {
    yield wrong(`the images are in ${registry}, and images are deleted only in ECR`, 'remove keep-images');
  } else if (repository === null && !misread.has('repository')) {
    yield wrong('it requires repository, which is not given', 'give repository');
  }
  if (revisions === null) {
    yield wrong(
      'all task definition revisions are kept, and each requires its image',
      'give keep-revisions too',
    );
  } else if (images < revisions) {
    yield wrong(
      `${revisions} task definition revisions are kept, and each requires its image`,
      `write ${revisions} or more`,
    );
  }
}

function* strategyHasGates(facts: FactsOn<'strategy' | 'gates'>) {
  yield* hasUseFor('gates', facts.values.gates, facts);
}

function* strategyHasSmokeTests(facts: FactsOn<'strategy' | 'smoke-test'>) {
  yield* hasUseFor('smoke-test', facts.values['smoke-test'], facts);
}

/** Rejects inputs that the chosen strategy would ignore. */
function* hasUseFor(
  name: string,
  given: readonly unknown[] | null,
  { values, misread }: FactsOn<'strategy'>,
) {
  const chosen = misread.has('strategy') ? undefined : CHOICES.find(({ input }) => input === values.strategy);
  if (!chosen?.without?.inputs.includes(name) || (given ?? []).length === 0) return;
  yield inputIssue(name, {
    problem: `strategy is ${chosen.input}: ${chosen.without.because}`,
    fix: 'remove it, or use strategy: canary',
  });
}

export const buildRules = [
  registryGoesWithCredentials,
  contextIsThere,
  dockerfileIsThere,
  buildArgsHaveValues,
  releaseHasTag,
];

export const taskDefinitionRules = [taskDefinitionIsUsable, variableOrSecret];

export const rolloutRules = [
  bakeEndsBeforeTimeout,
  ecsCanClimbTheSteps,
  gatesStandAtSteps,
  strategyHasGates,
  strategyHasSmokeTests,
];

/** Rules of a rollback, whose steps come from `rollback-steps`. */
export const rollbackRules = [bakeEndsBeforeTimeout, ecsCanClimbTheWayBack, strategyHasSmokeTests];
