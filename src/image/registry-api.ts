import { answerText } from './answer-text.ts';
import { createHash } from 'node:crypto';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';
import { errorText, UserError } from '../core/failure.ts';

/** The registry's HTTP API (OCI distribution v2): reads and writes manifests and layers. */
export class RegistryApi implements Omit<
  RegistryAccess,
  'host' | 'repository' | 'credentials' | 'isImmutable'
> {
  readonly #options: RegistryApiOptions;
  #authorization: string | null = null;

  constructor(options: RegistryApiOptions) {
    this.#options = options;
  }

  /** The digest of a tag; `null` when the tag or the repository does not exist. */
  async digestOf(tag: string): Promise<string | null> {
    return (await this.#manifest(tag))?.digest ?? null;
  }

  labelsOf(digest: string): Promise<Readonly<Record<string, string>>> {
    return this.#labelsOf(digest, DEEPEST_INDEX);
  }

  async #labelsOf(digest: string, levels: number): Promise<Readonly<Record<string, string>>> {
    const manifest = await this.#existing(digest);
    // An index also contains attestations, whose platform is `unknown`.
    const image = manifest.content.manifests?.find(({ platform }) => platform?.os !== 'unknown');
    if (image) return levels === 0 ? {} : this.#labelsOf(image.digest, levels - 1);
    if (!manifest.content.config) return {};
    const answer = await this.#request('GET', `blobs/${manifest.content.config.digest}`);
    if (!answer.ok) throw this.#refusal(answer, 'read');
    const config: { config?: { Labels?: Record<string, string> | null } } = JSON.parse(
      await answerText(answer),
    );
    return config.config?.Labels ?? {};
  }

  async tag(digest: string, tag: string): Promise<void> {
    const { mediaType, body } = await this.#existing(digest);
    await this.putManifest(tag, body, mediaType);
  }

  async putManifest(tag: string, manifest: string, mediaType: string): Promise<void> {
    const sent = { headers: { 'Content-Type': mediaType }, body: manifest };
    const answer = await this.#request('PUT', `manifests/${tag}`, sent);
    if (!answer.ok) throw this.#refusal(answer, 'write');
  }

  async hasBlob(digest: string): Promise<boolean> {
    const answer = await this.#request('HEAD', `blobs/${digest}`);
    if (!answer.ok && answer.status !== 404) throw this.#refusal(answer, 'read');
    return answer.ok;
  }

  async putBlob(digest: string, content: Blob, signal: AbortSignal): Promise<void> {
    const begun = await this.#request('POST', 'blobs/uploads/');
    const place = URL.parse(begun.headers.get('location') ?? '', begun.url);
    if (begun.status !== 202 || place === null) throw this.#refusal(begun, 'write');
    place.searchParams.set('digest', digest);
    const headers = { 'Content-Type': 'application/octet-stream' };
    const answer = await this.#request('PUT', place.href, { headers, body: content, signal });
    if (answer.status !== 201) throw this.#refusal(answer, 'write');
  }

  async #existing(digest: string): Promise<Manifest> {
    const manifest = await this.#manifest(digest);
    if (manifest) return manifest;
    throw new UserError(
      `${this.#options.repository}@${digest} is no longer in the registry ${this.#host}: it may have been deleted.`,
    );
  }

  async #manifest(reference: string): Promise<Manifest | null> {
    const answer = await this.#request('GET', `manifests/${reference}`, {
      headers: { Accept: MANIFEST_TYPES },
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw this.#refusal(answer, 'read');
    const body = await answerText(answer);
    return {
      body,
      content: parseManifest(body),
      mediaType: answer.headers.get('content-type') ?? 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    };
  }

  /** `path` is below the repository, or a URL that the registry gave. `signal`: by default, half a minute. */
  async #request(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT',
    path: string,
    { headers, body, signal }: Sent = {},
  ): Promise<Response> {
    const { origin, repository } = this.#options;
    const url = new URL(path, `${origin}/v2/${repository}/`);
    const send = (): Promise<Response> =>
      fetch(url, {
        method,
        headers: {
          ...headers,
          ...(this.#authorization && url.origin === origin && { Authorization: this.#authorization }),
        },
        ...(body !== undefined && { body }),
        signal: signal ?? AbortSignal.timeout(30_000),
      });
    try {
      let answer = await send();
      if (answer.status === 401) {
        this.#authorization = await this.#authorize(answer, isRead(method) ? 'pull' : 'pull,push');
        if (this.#authorization) answer = await send();
      }
      return answer;
    } catch (error) {
      if (error instanceof UserError) throw error;
      // The message of fetch is only "fetch failed".
      const reason = error instanceof Error && error.cause ? error.cause : error;
      throw new UserError(
        `The registry ${this.#host} does not answer (${errorText(reason)}): check that \`registry\` is correct and that this machine can reach it.`,
        { cause: error },
      );
    }
  }

  /**
   * The authorization that the registry requests in its 401: the password, or a token that a token
   * server issues for it.
   */
  async #authorize(answer: Response, actions: string): Promise<string | null> {
    const credentials = await this.#options.credentials();
    const token = credentials?.username === '' ? credentials.password.reveal() : null;
    const basic =
      credentials && token === null
        ? `Basic ${Buffer.from(`${credentials.username}:${credentials.password.reveal()}`).toString('base64')}`
        : null;
    const challenge = answer.headers.get('www-authenticate') ?? '';
    if (!/^bearer /i.test(challenge)) return basic;
    const parameter = (name: string): string | null =>
      new RegExp(`[ ,]${name}="([^"]*)"`).exec(challenge)?.[1] ?? null;
    const realm = parameter('realm');
    // A token server may have another host, but requires https unless the registry itself uses
    // http.
    if (!realm || (!realm.startsWith('https:') && !this.#options.origin.startsWith('http:'))) return null;
    const wanted = new URLSearchParams({ scope: `repository:${this.#options.repository}:${actions}` });
    const service = parameter('service');
    if (service !== null) wanted.set('service', service);
    const signal = AbortSignal.timeout(30_000);
    const given =
      token === null
        ? await fetch(`${realm}${realm.includes('?') ? '&' : '?'}${wanted.toString()}`, {
            headers: basic ? { Authorization: basic } : {},
            signal,
          })
        : await fetch(realm, { method: 'POST', body: withIdentity(wanted, token), signal });
    if (!given.ok) return null;
    const answered: { token?: string; access_token?: string } = JSON.parse(await answerText(given));
    return `Bearer ${answered.token ?? answered.access_token ?? ''}`;
  }

  #refusal(answer: Response, verb: 'read' | 'write'): UserError {
    const { repository } = this.#options;
    const what = `The registry ${this.#host} refuses ${verb} access to ${repository} (HTTP ${answer.status})`;
    if (answer.status === 401)
      return new UserError(`${what}: the user or the password is missing, wrong or expired.`);
    if (answer.status === 403)
      return new UserError(`${what}: allow the user to pull from and push to this repository.`);
    return new UserError(`${what}.`);
  }

  get #host(): string {
    return new URL(this.#options.origin).host;
  }
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  readonly signal?: AbortSignal;
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** An index may contain indexes. A registry that answers with them for ever gets no further. */
const DEEPEST_INDEX = 3;

/** The form in which a token server takes an identity token. */
function withIdentity(wanted: URLSearchParams, token: string): URLSearchParams {
  return new URLSearchParams([
    ...wanted,
    ['grant_type', 'refresh_token'],
    ['refresh_token', token],
    ['client_id', 'ecs-ramp'],
  ]);
}

export interface RegistryApiOptions {
  /** `https://registry.example.com` */
  readonly origin: string;
  readonly repository: string;
  readonly credentials: () => Promise<RegistryCredentials | null>;
}

/** Like the engine: no TLS on loopback. */
export function originOf(host: string): string {
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
  return `${isLoopback ? 'http' : 'https'}://${host}`;
}

interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: string;
  readonly content: ManifestContent;
}

interface ManifestContent {
  readonly config?: { readonly digest: string };
  readonly manifests?: readonly { readonly digest: string; readonly platform?: { readonly os: string } }[];
}

function parseManifest(body: string): ManifestContent {
  return JSON.parse(body);
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
