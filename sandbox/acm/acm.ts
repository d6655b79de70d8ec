import { X509Certificate, createPrivateKey, randomUUID } from 'node:crypto';
import type {
  DescribeCertificateRequest,
  DescribeCertificateResponse,
  ImportCertificateRequest,
  ImportCertificateResponse,
} from '@aws-sdk/client-acm';
import type { Certificates, StoredCertificate } from '../ports.ts';
import { AwsError } from '../wire/service.ts';
import type { Service } from '../wire/service.ts';

export interface Acm {
  readonly service: Service;
  readonly certificates: Certificates;
}

/** Certificate Manager: imported certificates, which HTTPS listeners use. */
export function createAcm({ account, region }: { readonly account: string; readonly region: string }): Acm {
  const stored = new Map<string, StoredCertificate>();

  function importCertificate(input: ImportCertificateRequest): ImportCertificateResponse {
    const certificate = textOf(input.Certificate);
    const privateKey = textOf(input.PrivateKey);
    const parsed = parse(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(privateKey))) {
      throw new AwsError('ValidationException', 'The private key does not match the certificate.');
    }
    const arn = `arn:aws:acm:${region}:${account}:certificate/${randomUUID()}`;
    stored.set(arn, {
      arn,
      names: namesOf(parsed),
      certificate: `${certificate}\n${textOf(input.CertificateChain)}`,
      privateKey,
      validUntil: Date.parse(parsed.validTo),
    });
    return { CertificateArn: arn };
  }

  function describeCertificate({
    CertificateArn = '',
  }: Partial<DescribeCertificateRequest>): DescribeCertificateResponse {
    const found = stored.get(CertificateArn);
    if (!found) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Could not find certificate ${CertificateArn} in account ${account}.`,
      );
    }
    return {
      Certificate: {
        CertificateArn,
        DomainName: found.names[0],
        SubjectAlternativeNames: [...found.names],
        Status: 'ISSUED',
        Type: 'IMPORTED',
        NotAfter: new Date(found.validUntil),
      },
    };
  }

  return {
    service: {
      name: 'acm',
      operations: { ImportCertificate: importCertificate, DescribeCertificate: describeCertificate },
    },
    certificates: { find: (arn) => stored.get(arn) ?? null },
  };
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new AwsError('ValidationException', 'Could not parse the certificate as PEM.');
  }
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(/,\s*/)
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length));
}
