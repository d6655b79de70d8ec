import { isEcrHost } from '../../core/arn.ts';
import { type InputType, shown, wrong } from './input-type.ts';
import { textMatching } from './text.ts';

// The grammar of image names, as every registry and engine keeps it: HOST[:PORT]/PATH/PATH[:TAG][@DIGEST].
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = `${PART}(?:/${PART})*`;
const HOST_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = String.raw`(?:${HOST_PART}(?:\.${HOST_PART})*|\[[0-9a-fA-F:]+\])`;
const PORT = String.raw`:\d{1,5}`;
const TAG = String.raw`\w[\w.-]{0,127}`;
const DIGEST = 'sha256:[0-9a-f]{64}';

const REFERENCE = new RegExp(
  `^(?<name>(?:${HOST}(?:${PORT})?/)?${PATH})(?::(?<tag>${TAG}))?(?:@(?<digest>${DIGEST}))?$`,
);
/** What is left of a name where an expression of the workflow was empty. */
const HAS_A_GAP = /^\/|[:@]$/;
const REGISTRY = new RegExp(`^${HOST}(?:${PORT})?$`);
const LONGEST_NAME = 255;

/** The first part of a name is a host when it has a dot or a port, or is localhost. */
const BEGINS_WITH_HOST = new RegExp(String.raw`^(?<host>localhost(?:${PORT})?|[^/]*[.:][^/]*)/(?<rest>.+)$`);

export const imageReference: InputType<string> = {
  allowed: 'an image that exists, as NAME:TAG or better NAME@sha256:DIGEST',
  parse(given) {
    if (HAS_A_GAP.test(given)) {
      return wrong(
        `${shown(given)} has nothing where ${given.startsWith('/') ? 'the registry' : 'the tag or digest'} should stand`,
        "if it is made of a step's outputs, see that a step has that id and that output",
      );
    }
    const parts = REFERENCE.exec(given)?.groups;
    if (parts === undefined || (parts['name'] ?? '').length > LONGEST_NAME) {
      return wrong(`${shown(given)} is not the name of an image`, fixForName(given));
    }
    return parts['tag'] === undefined && parts['digest'] === undefined
      ? wrong(`${shown(given)} has neither tag nor digest`, `write ${given}:TAG`)
      : { value: given };
  },
};

/** An image whose layers may be reused: the tag may be left out, as docker does. */
export const cacheReference: InputType<string> = {
  allowed: 'an image',
  parse(given) {
    const reference = /^type=registry,ref=([^,]+)$/.exec(given)?.[1] ?? given;
    if (REFERENCE.test(reference)) return { value: reference };
    return given.startsWith('type=')
      ? wrong(
          `${shown(given)} is a cache that cannot be used here`,
          'give type=registry,ref=IMAGE or just IMAGE',
        )
      : wrong(`${shown(given)} is not an image's name`, fixForName(reference));
  },
};

export const repositoryName: InputType<string> = {
  allowed: "the image's name inside the registry, without host and tag, as shop/web",
  parse(given) {
    if (
      new RegExp(`^${PATH}$`).test(given) &&
      given.length <= LONGEST_NAME &&
      !BEGINS_WITH_HOST.test(given)
    ) {
      return { value: given };
    }
    const { host, rest } = BEGINS_WITH_HOST.exec(given)?.groups ?? {};
    if (host !== undefined && rest !== undefined) {
      const elsewhere = isEcrHost(host) ? '' : ` and registry: ${host}`;
      return wrong(`${shown(given)} begins with a registry's host`, `write repository: ${rest}${elsewhere}`);
    }
    return wrong(`${shown(given)} is not a repository's name`, fixForName(given));
  },
};

/** Only the tag: the repository has an input of its own. */
export const tag: InputType<string> = {
  allowed: 'tags of letters, digits, ".", "_" and "-", at most 128, not beginning with "." or "-"',
  parse(given) {
    if (new RegExp(`^${TAG}$`).test(given)) return { value: given };
    const last = /:([^:/@]+)$/.exec(given)?.[1];
    return last === undefined
      ? wrong(
          `${shown(given)} is not a tag`,
          `write ${given.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'v1'}`,
        )
      : wrong(
          `${shown(given)} has a repository in it`,
          `write ${last} and name the repository in repository`,
        );
  },
};

export const registryHost = textMatching({
  what: "a registry's host",
  allowed: 'HOST or HOST:PORT, as registry.example.com:5000',
  pattern: REGISTRY,
  fix: (given) => {
    const host = given.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
    return REGISTRY.test(host) ? `write ${host}, and any path into repository` : 'write the host alone';
  },
});

export const platform = textMatching({
  what: 'a platform',
  allowed: 'platforms as linux/amd64 or linux/arm64',
  pattern: /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/,
  fix: (given) =>
    /^(amd64|arm64|arm|x86_64|aarch64)$/.test(given)
      ? `write linux/${given === 'x86_64' ? 'amd64' : given === 'aarch64' ? 'arm64' : given}`
      : 'write OS/ARCHITECTURE, as linux/amd64',
});

function fixForName(given: string): string {
  const bare = given.replace(/^\w+:\/\//, '');
  if (bare !== given) return `write ${bare}, without the scheme`;
  if (/[A-Z]/.test(given) && REFERENCE.test(given.toLowerCase()))
    return `write ${given.toLowerCase()}: names are in lower case`;
  return 'names are letters in lower case, digits, ".", "_" and "-", parts separated by "/"';
}
