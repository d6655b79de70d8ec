import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { MINUTE } from '../../src/core/time/clock.ts';
import type { Clock } from '../../src/core/time/clock.ts';
import type { DataPlane, ForwardAction, ListenerRouting, MetricSink, RuleRouting, Target } from '../ports.ts';
import { createChooser } from './choice.ts';
import { compileConditions } from './conditions.ts';
import type { Matches } from './conditions.ts';
import { createCounts } from './counts.ts';
import type { BalancerFailure, LoadBalancerCounts } from './counts.ts';
import { forward, forwardUpgrade } from './forward.ts';
import type { Route } from './forward.ts';
import { createInFlight } from './in-flight.ts';
import { openPort } from './open-port.ts';
import type { OpenPort } from './open-port.ts';
import { probe } from './probe.ts';
import { secureBy } from './certificate-choice.ts';
import { failureMessage, sendFailure, sendFixedResponse, sendRedirect } from './replies.ts';

export interface BalancerOptions {
  readonly clock: Clock;
  readonly metrics: MetricSink;
  /**
   * The address at which this process reaches a target. Default: the id of the target, or this
   * machine for an instance.
   */
  readonly dial?: (target: Target) => { readonly host: string; readonly port: number };
  /** 0 (inclusive) to 1 (exclusive): selects a group by weight. */
  readonly random?: () => number;
}

interface Served {
  readonly port: OpenPort;
  /** The ARN of the default certificate; `null` for HTTP. A change requires another server. */
  readonly certificate: string | null;
  /** The routing of the last `apply`; it also applies to requests on older connections. */
  listener: Listener;
}

/** The routing of a listener, prepared for matching. */
interface Listener extends Pick<ListenerRouting, 'port' | 'idleTimeout' | 'certificates'> {
  readonly rules: readonly { readonly matches: Matches; readonly action: RuleRouting['action'] }[];
  readonly counts: LoadBalancerCounts;
}

/** A real HTTP load balancer on the loopback addresses of this machine. */
export function createBalancer({
  clock,
  metrics,
  dial = reachable,
  random = Math.random,
}: BalancerOptions): DataPlane {
  const served = new Map<number, Served>();
  /** Includes closed ports, which may still have connections. */
  const opened = new Set<OpenPort>();
  const countsOf = new Map<string, LoadBalancerCounts>();
  const choose = createChooser({ random, now: () => clock.now() });
  const inFlight = createInFlight();
  const agent = new http.Agent({ keepAlive: true });

  function compile({ loadBalancerArn, certificates, ...routing }: ListenerRouting): Listener {
    const { port, idleTimeout, rules } = routing;
    let counts = countsOf.get(loadBalancerArn);
    if (!counts) countsOf.set(loadBalancerArn, (counts = createCounts(metrics, clock, loadBalancerArn)));
    return {
      port,
      idleTimeout,
      ...(certificates && { certificates }),
      counts,
      rules: rules.map(({ conditions, action }) => ({ matches: compileConditions(conditions), action })),
    };
  }

  async function serve(first: Listener): Promise<void> {
    const { port } = first;
    const now = { listener: first };
    const handlers = {
      request(request: IncomingMessage, response: ServerResponse) {
        const { listener } = now;
        const action = actionFor(request, listener);
        if (action.kind === 'fixed-response') {
          listener.counts.fixedResponse();
          return sendFixedResponse(response, action);
        }
        if (action.kind === 'redirect') {
          listener.counts.redirected();
          return sendRedirect(request, response, { redirect: action, port });
        }
        const route = routeTo(request, action, listener);
        if (route) return forward(request, response, route);
        listener.counts.failed(503);
        return sendFailure(response, 503);
      },
      upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
        const { listener } = now;
        const action = actionFor(request, listener);
        const route = action.kind === 'forward' ? routeTo(request, action, listener) : null;
        if (route) return forwardUpgrade(request, socket, head, route);
        listener.counts.failed(503);
        socket.end(failureMessage(503));
      },
    };
    const secure = first.certificates ? secureBy(first.certificates, () => now.listener.certificates) : null;
    const open = await openPort(port, handlers, secure);
    opened.add(open);
    served.set(port, Object.assign(now, { port: open, certificate: defaultCertificate(first) }));
  }

  /** `null` when there is no target. */
  function routeTo(request: IncomingMessage, action: ForwardAction, listener: Listener): Route | null {
    const choice = choose(action, request.headers.cookie);
    if (!choice?.target) return null;
    const { group, target, cookies } = choice;
    return {
      ...dial(target),
      listenerPort: listener.port,
      agent,
      idleTimeout: listener.idleTimeout ?? MINUTE,
      cookies,
      counts: listener.counts.group(group.targetGroupArn),
      failed: (status: BalancerFailure) => listener.counts.failed(status),
      ended: inFlight.begin(group.targetGroupArn, target),
    };
  }

  return {
    async apply(listeners) {
      const wanted = new Map(listeners.map((routing) => [routing.port, compile(routing)]));
      for (const [port, open] of served) {
        const listener = wanted.get(port);
        if (listener && defaultCertificate(listener) === open.certificate) {
          open.listener = listener;
        } else {
          served.delete(port);
          open.port.close();
        }
      }
      for (const [port, listener] of wanted) if (!served.has(port)) await serve(listener);
    },

    probe(target, check) {
      return probe(clock, check, dial({ id: target.id, port: check.port ?? target.port }));
    },

    inFlight: (targetGroupArn, target) => inFlight.count(targetGroupArn, target),

    async close() {
      for (const port of opened) port.destroy();
      served.clear();
      agent.destroy();
    },
  };
}

/** The action of the first rule that matches. The default rule is last and always matches. */
function actionFor(request: IncomingMessage, { rules }: Listener): RuleRouting['action'] {
  return rules.find(({ matches }) => matches(request))!.action;
}

function defaultCertificate({ certificates }: Listener): string | null {
  return certificates?.[0]?.arn ?? null;
}

/** All instances of the sandbox are this machine. */
function reachable({ id, port }: Target) {
  return { host: id.startsWith('i-') ? '127.0.0.1' : id, port };
}
