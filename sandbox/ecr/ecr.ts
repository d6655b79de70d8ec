import type { Clock } from '../../src/core/time/clock.ts';
import { startRegistry } from '../registry/registry.ts';
import type { Gate } from '../registry/registry.ts';
import type { Service } from '../wire/service.ts';
import { imageOperations } from './image-operations.ts';
import { isImmutable } from './mutability.ts';
import { createRepositories, repositoryNotFound, tagImmutable } from './repositories.ts';
import type { Repositories } from './repositories.ts';
import { repositoryOperations } from './repository-operations.ts';
import { createTokens } from './tokens.ts';
import type { Tokens } from './tokens.ts';

/** The ECR API for a real registry, with checks of repositories, tokens and immutable tags. */
export interface Ecr {
  readonly service: Service;
  /** `127.0.0.1:PORT`, in place of `ACCOUNT.dkr.ecr.REGION.amazonaws.com`. */
  readonly host: string;
  /** A new login for the engine that runs the tasks. */
  credentials(): { readonly username: string; readonly password: string };
  close(): Promise<void>;
}

export interface EcrOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Folder for the files of the registry, removed at the end. */
  readonly directory: string;
}

/** Rejects, with the cause and the fix, when the registry cannot be started. */
export async function startEcr({ clock, account, region, directory }: EcrOptions): Promise<Ecr> {
  const repositories = createRepositories(account);
  const tokens = createTokens(clock);
  const registry = await startRegistry({ directory, clock, gate: guard(repositories, tokens) });

  function getAuthorizationToken() {
    const { user, password, expiresAt } = tokens.issue();
    const authorizationToken = Buffer.from(`${user}:${password}`).toString('base64');
    return {
      authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `http://${registry.host}` }],
    };
  }

  return {
    service: {
      name: 'ecr',
      operations: {
        ...repositoryOperations({ repositories, registry, clock, region }),
        ...imageOperations({ repositories, registry }),
        GetAuthorizationToken: getAuthorizationToken,
      },
    },
    host: registry.host,
    credentials() {
      const { user, password } = tokens.issue();
      return { username: user, password };
    },
    close: () => registry.close(),
  };
}

const guard = (repositories: Repositories, tokens: Tokens): Gate => ({
  admit: (user, password) => tokens.check(user, password),
  enter(name) {
    if (repositories.find(name)) return null;
    return {
      status: 404,
      code: 'NAME_UNKNOWN',
      message: repositoryNotFound(name, repositories.account).message,
    };
  },
  overwrite(name, tag) {
    if (!isImmutable(repositories.find(name)?.facts ?? {}, tag)) return null;
    return { status: 400, code: 'TAG_INVALID', message: tagImmutable(name, tag).message };
  },
});
