// Runs the whole job of a release against the simulated AWS.
import { taskDefinitionRequest } from './task-definitions.ts';
import { deployOne } from '../../src/commands/run/deploy-one.ts';
import type { DeployContext } from '../../src/commands/deploy/context.ts';
import type { Request } from '../../src/core/request.ts';
import { beginJob } from '../../src/commands/run/job.ts';
import { identify } from '../../src/core/run.ts';
import { createTrail } from '../../src/core/trail/trail.ts';
import type { DeployedSandbox } from './deployed-sandbox.ts';
import { rolloutRequest } from './rollout-request.ts';

/** Returns the outcome, the notices, the events and the AWS calls of the job. */
export async function releaseJob(
  { clients, clock, wire, until }: DeployedSandbox,
  different: Partial<Request>,
  ports: Partial<DeployContext> = {},
) {
  const trail = createTrail({ clock, file: null });
  const request: Request = {
    service: 'web',
    cluster: 'shop',
    image: { kind: 'given', reference: 'registry.example.com/shop/web:v2' },
    taskDefinition: taskDefinitionRequest(),
    rollout: rolloutRequest({ steps: [100] }),
    access: { region: null, role: null, chaining: false },
    source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    dryRun: false,
    eventsFile: '/dev/null',
    summaryFile: '/dev/null',
    recordingFile: '/dev/null',
    ...different,
  };
  beginJob({ request, trail });
  const before = wire.calls.length;
  const since = clock.now();
  await until(
    deployOne(
      { request, trail },
      {
        connect: () => clients,
        sessionEnd: 'never',
        docker: () => Promise.reject(new Error('nothing is built')),
        clock,
        run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
        log: { say() {}, group() {}, endGroup() {} },
        mask() {},
        cancelled: new AbortController().signal,
        ...ports,
      },
    ),
  );
  return {
    end: trail.events.findLast((event) => event.kind === 'finished')!,
    notices: trail.events.flatMap((event) => (event.kind === 'notice' ? [event.message] : [])),
    events: trail.events,
    took: clock.now() - since,
    calls: wire.calls.slice(before).map(({ operation }) => operation),
  };
}
