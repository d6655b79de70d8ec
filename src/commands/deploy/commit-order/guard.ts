import type { Request } from '../../../core/request.ts';
import type { Provenance } from '../../../aws/ecs/provenance.ts';
import type { Notice } from '../../../core/trail/event.ts';
import type { AskAncestry } from './ancestry.ts';
import { commitInWords, commitOrder, type CommitOrder, type KnownCommit } from './commit-order.ts';
import { UserError } from '../../../core/failure.ts';

interface GuardOptions {
  readonly request: Pick<Request, 'service' | 'source' | 'rollout' | 'dryRun'>;
  /** Absent: only the known commits and run numbers are compared. */
  readonly ancestry?: AskAncestry | undefined;
  /** Reads the provenance of a task definition. */
  readonly read: (taskDefinitionArn: string) => Promise<Provenance>;
  /** Whether the service ran this commit before. */
  readonly wasLive: (commit: string) => Promise<boolean>;
  readonly tell: (event: Notice) => void;
}

/** The release that the service runs. */
export interface LiveRelease extends Provenance {
  /** The task definition of the service. */
  readonly taskDefinitionArn: string;
  /** Nothing else runs, and no deployment is in progress. */
  readonly settled: boolean;
  /** The task definition would not change, so nothing would be rolled out. */
  readonly unchanged: boolean;
}

/** Prevents a release from replacing a newer one by mistake. Reports its finding once. */
export interface CommitOrderGuard {
  /** The first check. Rejects with UserError if the live release is newer. */
  look(found: LiveRelease): Promise<void>;
  /** Resolves when the first check passes; stays pending if it fails. */
  readonly passed: Promise<void>;
  /** The last check, because the live release may have changed. Rejects with UserError. */
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
      if (meant === null) throw new UserError(`The live release is newer: ${both}. ${fixOf(ours)}`);
      notice(`This deploys an older commit, as intended (${meant}): ${both}.`);
    } else if (finding.order === 'unknown') {
      // Without both commits, there is nothing to compare.
      if (ours.commit !== null && live.commit !== null && judged.size === 0)
        notice(
          `It is not known whether this release is older than the live release, so the deployment continues: ${both}.`,
        );
    } else if (dryRun) {
      notice(
        `By commit order, this release is ${finding.order === 'same' ? 'the live release' : 'newer than the live release'}: ${both}.`,
      );
    }
    judged.add(arn);
  }

  /** Why an older release may replace a newer one; `null` if it may not. */
  async function whyMeant(): Promise<string | null> {
    if (rollout.onNewer === 'deploy') return 'on-newer: deploy';
    const { meant, commit, attempt = 1 } = source;
    if (meant !== undefined || attempt === 1 || commit === null) return meant ?? null;
    // People usually re-run a failed run without knowing about later releases: this is not intent.
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
  return `Nothing was started (on-newer: fail). To deploy the older commit anyway, ${byHand}set on-newer: deploy.`;
}
