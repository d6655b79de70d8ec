import { plainText } from '../../core/plain-text.ts';
import { gateInWords } from '../../core/plan/gates.ts';
import { maskedIn } from '../../core/secrecy/masks.ts';
import { withoutSecrets } from '../../core/secrecy/secret-text.ts';
import { type Progress, progressOf } from '../progress.ts';
import { renderComment } from '../comment.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Event, RollbackRequested } from '../../core/trail/event.ts';

/**
 * What GitHub should show for a job. Derived from the trail only, so that the post step shows the
 * same. `null` members: nothing yet.
 */
export interface WantedOnGitHub {
  readonly status: {
    readonly state: 'pending' | 'success' | 'failure' | 'error';
    readonly description: string;
  } | null;
  readonly deployment: {
    readonly state: 'in_progress' | 'success' | 'failure' | 'error';
    readonly description: string;
    /** The commit that is deployed; `null` for the commit of the job. */
    readonly ref: string | null;
    /** The configuration that is deployed. */
    readonly payload: Readonly<Record<string, unknown>>;
  } | null;
  /** Markdown. */
  readonly comment: string | null;
  readonly issue: { readonly state: 'open' | 'closed'; readonly title: string; readonly body: string } | null;
}

/** The longest description that GitHub accepts. */
const MOST = 140;
const UNDER_WAY: Readonly<Partial<Record<Progress['stage'], string>>> = {
  preparing: 'being built and checked',
  'rolling-out': 'being rolled out',
  'rolling-back': 'being rolled back',
};
const STATES = {
  preparing: 'pending',
  'rolling-out': 'pending',
  'rolling-back': 'pending',
  deployed: 'success',
  unchanged: 'success',
  'rolled-back': 'failure',
  dirty: 'error',
  failed: 'failure',
} as const;

/** `name` is the name on GitHub: ENVIRONMENT/SERVICE. Pure. */
export function wantedOf(
  events: readonly Event[],
  { name, rollout }: { readonly name: string; readonly rollout: RolloutRequest },
): WantedOnGitHub {
  const { stage, inWords } = progressOf(events);
  const told = <K extends Event['kind']>(kind: K) =>
    events.findLast((event): event is Extract<Event, { kind: K }> => event.kind === kind);
  const [started, begins, finished] = [told('started'), told('rollout-started'), told('finished')];
  const nothing = { status: null, deployment: null, comment: null, issue: null };
  if (!started) return nothing;
  const comment = begins || finished ? renderComment(events) : null;
  // A dry run only writes the comment.
  if (started.dryRun) return { ...nothing, comment };
  const cause = told('rollback-requested')?.cause;
  // GitHub's word for what is not the fault of the commit.
  const state = cause === 'capacity' && STATES[stage] === 'failure' ? 'error' : STATES[stage];
  const description = plainText(inWords, MOST);
  const deploymentOf = (ref: string | null, payload: object) => ({
    state: state === 'pending' ? ('in_progress' as const) : state,
    description,
    ref,
    payload: {
      tool: `ecs-ramp ${started.version}`,
      service: started.service,
      cluster: started.cluster,
      region: started.region,
      serviceDeployment: begins?.serviceDeploymentArn ?? null,
      rollout: inWordsOf(rollout),
      ...payload,
    },
  });
  if (started.command === 'rollback') {
    const { from, to } = told('rollback-planned') ?? {};
    const revisions = {
      taskDefinition: to?.taskDefinitionArn,
      previousTaskDefinition: from?.taskDefinitionArn,
    };
    // A GitHub deployment requires a commit, and the job's commit is not the one rolled back to.
    return { ...nothing, deployment: to?.commit ? deploymentOf(to.commit, revisions) : null };
  }
  const release = told('task-definition-ready');
  const revisions = {
    image: release?.image ?? null,
    taskDefinition: release?.taskDefinitionArn ?? null,
    previousTaskDefinition: release?.previousTaskDefinitionArn ?? null,
  };
  return {
    // While in progress, only the stage: GitHub limits the number of calls.
    status: { state, description: UNDER_WAY[stage] ?? description },
    deployment: begins ? deploymentOf(null, revisions) : null,
    comment,
    issue: finished ? issueOf(events, { name, body: comment ?? '' }) : null,
  };
}

const WITHOUT_ISSUE: ReadonlySet<RollbackRequested['cause']> = new Set(['cancel', 'request', 'capacity']);
/**
 * The settings as they were used. Gates are in words: their URLs and arguments may be secret, and
 * everybody who can read the repository can read the payload.
 */
function inWordsOf({ gates, ...settings }: RolloutRequest): object {
  return maskedIn(
    {
      ...settings,
      gates: gates.map((gate) => ({
        percent: gate.percent,
        within: gate.within,
        kind: gate.kind,
        waitsFor: gateInWords(gate),
      })),
    },
    withoutSecrets,
  );
}

function issueOf(
  events: readonly Event[],
  { name, body }: { readonly name: string; readonly body: string },
): WantedOnGitHub['issue'] {
  const { stage } = progressOf(events);
  const { cause } = events.findLast((event) => event.kind === 'rollback-requested') ?? {};
  if (stage === 'deployed') return { state: 'closed', title: '', body };
  if (stage === 'dirty') return { state: 'open', title: `${name}: manual action is required`, body };
  // No issue for a rollback that a person requested, or that is not the fault of the release.
  if (stage !== 'rolled-back' || (cause && WITHOUT_ISSUE.has(cause))) return null;
  return { state: 'open', title: `${name} was rolled back`, body };
}
