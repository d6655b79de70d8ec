import { AwsError } from '../wire/service.ts';

const PROVIDER = 'https://token.actions.githubusercontent.com';
const AUDIENCES = new Set<unknown>(['sts.amazonaws.com', 'sts.amazonaws.com.cn']);

/** The subject of a token of GitHub. Checks everything except the signature. Throws AwsError. */
export function subjectOf(token: string, now: number): string {
  const { iss, aud, sub, exp } = claimsOf(token);
  if (iss !== PROVIDER) throw invalid(`No OpenIDConnect provider found in your account for ${String(iss)}`);
  if (!AUDIENCES.has(aud)) throw invalid('Incorrect token audience');
  if (typeof exp !== 'number' || now >= exp * 1000) {
    throw new AwsError('ExpiredTokenException', `Token expired: current date/time ${now / 1000}`);
  }
  return String(sub);
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    throw invalid('The ID Token provided is not a valid JWT.');
  }
}

const invalid = (message: string) => new AwsError('InvalidIdentityToken', message);
