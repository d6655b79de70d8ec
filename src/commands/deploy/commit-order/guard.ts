import type { Request } from '../../../core/request.ts';
import type { Provenance } from '../../../aws/ecs/provenance.ts';
import type { Notice } from '../../../core/trail/event.ts';
import type { AskAncestry } from './ancestry.ts';
import { commitInWords, commitOrder, type CommitOrder, type KnownCommit } from './commit-order.ts';
import { UserError } from '../../../core/failure.ts';

interface GuardOptions {
  readonly request: Pick<Request, 'service' | 'source' | 'rollout' | 'dryRun'>;
  /** Left out: only what releases say of themselves counts. */
  readonly ancestry?: AskAncestry | undefined;
  /** Where a task definition comes from that nobody has told of. */
  readonly read: (taskDefinitionArn: string) => Promise<Provenance>;
  /** Whether the service ran this commit before. */
  readonly wasLive: (commit: string) => Promise<boolean>;
  readonly tell: (event: Notice) => void;
}

/** What was found of the service. */
export interface LiveRelease extends Provenance {
  /** The task definition that the service names. */
  readonly taskDefinitionArn: string;
  /** Nothing else runs, and no deployment is under way: that is what is live. */
  readonly settled: boolean;
  /** To ECS, the release is the same: it would not be rolled out. */
  readonly unchanged: boolean;
}

/** Keeps a release from replacing a newer one, unless that is meant; says what it found, once. */
export interface CommitOrderGuard {
  /** The first look. Rejects with UserError where what is live is newer. */
  look(found: LiveRelease): Promise<void>;
  /** Resolves once the first look has found nothing against the release; never, if it has. */
  readonly passed: Promise<void>;
  /** The last look: what is live now may not be what was found. Rejects with UserError. */
  confirm(liveArn: string): Promise<void>;
}

export function createCommitOrderGuard({
  request,
  ancestry,
  read,
  wasLive,
  tell,
}: GuardOptions): CommitOrderGuard {
  const { service, source, rollout, dryRun } = request;
  const ours = {
    commit: source.commit,
    repository: source.repositoryUrl,
    run: source.runUrl,
    workflow: source.count?.workflow ?? null,
    runNumber: source.count?.number ?? null,
  };
  const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
  const told = new Map<string, Provenance>();
  const judged = new Set<string>();

  function notice(message: string): void {
    tell({ kind: 'notice', level: 'notice', message });
  }

  async function judge(arn: string): Promise<void> {
    if (judged.has(arn)) return;
    const live = told.get(arn) ?? (await read(arn));
    const finding = await find(live);
    const both = `this is ${commitInWords(ours)}, and service ${service} runs ${commitInWords(live)}: ${finding.because}`;
    if (finding.order === 'older') {
      const meant = await whyMeant();
      if (meant === null) throw new UserError(`What is live is newer: ${both}. ${fixOf(ours)}`);
      notice(`This goes back to an older commit, as is meant (${meant}): ${both}.`);
    } else if (finding.order === 'unknown') {
      // Where one says nothing, there is nothing to be compared.
      if (ours.commit !== null && live.commit !== null && judged.size === 0)
        notice(`Whether this is older than what is live is not known, so it goes on: ${both}.`);
    } else if (dryRun) {
      notice(
        `In the order of commits this is ${finding.order === 'same' ? 'what is live' : 'newer'}: ${both}.`,
      );
    }
    judged.add(arn);
  }

  /** Null: nothing says that an older release may replace a newer one. */
  async function whyMeant(): Promise<string | null> {
    if (rollout.onNewer === 'deploy') return 'on-newer: deploy';
    const { meant, commit, attempt = 1 } = source;
    if (meant !== undefined || attempt === 1 || commit === null) return meant ?? null;
    // A run that never got there is mostly run again to make it green, by people who do not know what came after it.
    return (await wasLive(commit)) ? `attempt ${attempt} of a run whose commit was live before` : null;
  }

  async function find(live: KnownCommit): Promise<CommitOrder> {
    const first = commitOrder(ours, live, null);
    if (first.order === 'same' || ours.commit === null || live.commit === null || !ancestry) return first;
    return commitOrder(ours, live, await ancestry(ours.commit, live.commit));
  }

  return {
    passed,
    async look({ taskDefinitionArn, settled, unchanged, ...provenance }) {
      told.set(taskDefinitionArn, provenance);
      if (settled && !unchanged) await judge(taskDefinitionArn);
      pass();
    },
    confirm: judge,
  };
}

function fixOf({ runNumber }: KnownCommit): string {
  const byHand = runNumber === null ? '' : 'start the workflow by hand on this commit, or ';
  return `Nothing was started (on-newer: fail), and nothing has to be done, unless going back is meant: then ${byHand}give on-newer: deploy.`;
}
