import type { ACMClient } from '@aws-sdk/client-acm';
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { errorText } from '../../../core/failure.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { NO_TEST_LISTENER } from '../../traffic/service-facts.ts';
import { listenerOf } from '../../../aws/elb/write-actions.ts';
import { conditionsOf } from './rule-conditions.ts';
import { testAddress, unmatched } from './test-address.ts';

export interface TestListenerFound {
  readonly facts: typeof NO_TEST_LISTENER;
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

interface Rules {
  readonly rule: Rule;
  readonly production: Rule;
  readonly dnsName: string;
}

interface Reading {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly acm: () => Promise<ACMClient>;
  readonly rollout: Pick<RolloutRequest, 'smokeTests' | 'smokeTestUrl' | 'gates'>;
}

/**
 * Finds out how a request reaches the new revision through the test listener. Rejects when the
 * listener cannot be read.
 */
export async function readTestListener(
  { rule, production, dnsName }: Rules,
  { elb, acm, rollout }: Reading,
): Promise<TestListenerFound> {
  const listenerArn = listenerOf(rule.RuleArn ?? '');
  const answer = await elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
  const listener = answer.Listeners?.[0];
  if (!listener?.Port) return { facts: NO_TEST_LISTENER, problems: [], remarks: [] };
  const secure = listener.Protocol === 'HTTPS';
  const isAsked = rollout.smokeTests.length > 0 && rollout.smokeTestUrl === null;
  const usesNames = secure && (isAsked || rollout.gates.length > 0);
  const certificates = usesNames ? await readCertificates(listener, { elb, acm }) : UNREAD;
  const conditions = conditionsOf(rule);
  const address = testAddress({
    secure,
    certificateNames: certificates.names,
    rule: conditions,
    production: conditionsOf(production),
  });
  const facts = {
    testUrl: `${secure ? 'https' : 'http'}://${dnsName}:${listener.Port}`,
    testHost: address?.host ?? null,
    testServerName: address?.serverName ?? null,
    testHeaders: address?.headers ?? {},
  };
  if (!isAsked) return { facts, problems: [], remarks: [] };
  const problems = unmatched(conditions, rollout.smokeTests);
  if (address === null) problems.push(unknownName(secure, certificates.unread));
  if (listener.MutualAuthentication?.Mode === 'verify') {
    problems.push(
      'smoke-test has no client certificate, but the test listener requires one (mutual TLS): add a test listener without mutual TLS, or set smoke-test-url.',
    );
  }
  return { facts, problems, remarks: address === null ? [] : remarksOn(certificates, address.serverName) };
}

function unknownName(secure: boolean, unread: string | null): string {
  if (!secure) {
    return 'smoke-test is given, but the host-header condition of the test listener rule contains only regular expressions, so the host to ask for is not known: set smoke-test-url to http://HOST:PORT with such a host.';
  }
  const because = unread === null ? 'they cannot be read' : unread.replace(/\.$/, '');
  return `smoke-test is given, but no host is known that the certificate of the HTTPS test listener is valid for: set smoke-test-url to https://HOST:PORT with a host that the certificate and the test listener rule accept, or add a host-header condition with that host to the rule. The certificate's names: ${because}.`;
}

interface CertificatesRead {
  readonly names: readonly string[] | null;
  /** Why names are missing; `null` when all were read. */
  readonly unread: string | null;
  /** Whether a certificate comes from a private certificate authority. */
  readonly isPrivate: boolean;
}

const UNREAD: CertificatesRead = { names: null, unread: null, isPrivate: false };

async function readCertificates(
  listener: Listener,
  { elb, acm }: Pick<Reading, 'elb' | 'acm'>,
): Promise<CertificatesRead> {
  const unread: string[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      unread.push(errorText(error));
      return null;
    }
  };
  const more = await attempt(() =>
    elb.send(new DescribeListenerCertificatesCommand({ ListenerArn: listener.ListenerArn })),
  );
  const arns = new Set(
    [...(listener.Certificates ?? []), ...(more?.Certificates ?? [])].flatMap(
      ({ CertificateArn }) => CertificateArn ?? [],
    ),
  );
  const { DescribeCertificateCommand } = await import('../../../aws/sdk/acm.ts');
  const client = await acm();
  const certificates = await Promise.all(
    [...arns].map(async (CertificateArn) => {
      if (!CertificateArn.includes(':acm:')) {
        unread.push(`ecs-ramp does not read the names of ${CertificateArn}`);
        return null;
      }
      return attempt(
        async () => (await client.send(new DescribeCertificateCommand({ CertificateArn }))).Certificate,
      );
    }),
  );
  const found = certificates.flatMap((certificate) => certificate ?? []);
  const names = found.flatMap(({ DomainName, SubjectAlternativeNames }) => [
    ...(DomainName === undefined ? [] : [DomainName]),
    ...(SubjectAlternativeNames ?? []),
  ]);
  return {
    names: names.length === 0 ? null : [...new Set(names)],
    unread: unread[0] ?? null,
    isPrivate: found.some(({ Type }) => Type === 'PRIVATE'),
  };
}

function remarksOn({ names, unread, isPrivate }: CertificatesRead, serverName: string | null): string[] {
  if (serverName === null) return [];
  return [
    ...(names === null
      ? [
          `The smoke tests ask for ${serverName}, by the test listener rule. ecs-ramp cannot check that the certificate is valid for it: ${unread ?? 'its names cannot be read'}`,
        ]
      : []),
    ...(isPrivate && process.env['NODE_EXTRA_CA_CERTS'] === undefined
      ? [
          'The certificate of the test listener comes from a private certificate authority, which the runner does not trust by default: set the environment variable NODE_EXTRA_CA_CERTS of this step to a file with the certificate of that authority.',
        ]
      : []),
  ];
}
