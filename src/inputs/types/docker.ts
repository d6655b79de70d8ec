import { isEcrHost } from '../../core/arn.ts';
import { type InputType, shown, wrong } from './input-type.ts';
import { textMatching } from './text.ts';

// The grammar of image names, as every registry and engine keeps it:
// HOST[:PORT]/PATH/PATH[:TAG][@DIGEST].
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
/** A name with a missing part, usually from an empty workflow expression. */
const HAS_A_GAP = /^\/|[:@]$/;
const REGISTRY = new RegExp(`^${HOST}(?:${PORT})?$`);
const LONGEST_NAME = 255;
const LONGEST_TAG = 128;

/** The first part of a name is a host when it has a dot or a port, or is localhost. */
const BEGINS_WITH_HOST = new RegExp(String.raw`^(?<host>localhost(?:${PORT})?|[^/]*[.:][^/]*)/(?<rest>.+)$`);

export const imageReference: InputType<string> = {
  allowed: 'an existing image, as NAME:TAG or, better, NAME@sha256:DIGEST',
  parse(given) {
    if (HAS_A_GAP.test(given)) {
      return wrong(
        `${shown(given)} has no ${given.startsWith('/') ? 'registry' : 'tag or digest'}`,
        'if it is composed of step outputs, check the id of the step and the name of the output',
      );
    }
    const parts = REFERENCE.exec(given)?.groups;
    if (parts === undefined || (parts['name'] ?? '').length > LONGEST_NAME) {
      return wrong(`${shown(given)} is not the name of an image`, fixForName(given));
    }
    return parts['tag'] === undefined && parts['digest'] === undefined
      ? wrong(`${shown(given)} has no tag and no digest`, `write ${given}:TAG`)
      : { value: given };
  },
};

/** An image whose layers may be reused. The tag is optional, as in Docker. */
export const cacheReference: InputType<string> = {
  allowed: 'an image',
  parse(given) {
    const reference = /^type=registry,ref=([^,]+)$/.exec(given)?.[1] ?? given;
    if (REFERENCE.test(reference)) return { value: reference };
    return given.startsWith('type=')
      ? wrong(`${shown(given)} is not a supported cache`, 'give type=registry,ref=IMAGE or IMAGE')
      : wrong(`${shown(given)} is not the name of an image`, fixForName(reference));
  },
};

export const repositoryName: InputType<string> = {
  allowed: 'the name of the image inside the registry, without host and tag, such as shop/web',
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
      return wrong(
        `${shown(given)} starts with the host of a registry`,
        `write repository: ${rest}${elsewhere}`,
      );
    }
    return wrong(`${shown(given)} is not the name of a repository`, fixForName(given));
  },
};

/** The tag without the repository, which is a separate input. */
export const tag: InputType<string> = {
  allowed: 'tags of letters, digits, ".", "_" and "-", at most 128, not starting with "." or "-"',
  parse(given) {
    if (new RegExp(`^${TAG}$`).test(given)) return { value: given };
    const last = /:([^:/@]+)$/.exec(given)?.[1];
    return last === undefined
      ? wrong(`${shown(given)} is not a tag`, `write ${nearestTag(given)}`)
      : wrong(
          `${shown(given)} contains a repository`,
          `write ${nearestTag(last)}, and give the repository in the input repository`,
        );
  },
};

/** A valid tag that resembles the text. */
function nearestTag(text: string): string {
  const allowed = text.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
  return allowed.slice(0, LONGEST_TAG) || 'v1';
}

export const registryHost = textMatching({
  what: 'the host of a registry',
  allowed: 'HOST or HOST:PORT, such as registry.example.com:5000',
  pattern: REGISTRY,
  fix: (given) => {
    const host = given.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
    return REGISTRY.test(host) ? `write ${host}, and put a path into repository` : 'write only the host';
  },
});

export const platform = textMatching({
  what: 'a platform',
  allowed: 'platforms such as linux/amd64 or linux/arm64',
  pattern: /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/,
  fix: (given) =>
    /^(amd64|arm64|arm|x86_64|aarch64)$/.test(given)
      ? `write linux/${given === 'x86_64' ? 'amd64' : given === 'aarch64' ? 'arm64' : given}`
      : 'write OS/ARCHITECTURE, such as linux/amd64',
});

function fixForName(given: string): string {
  const bare = given.replace(/^\w+:\/\//, '');
  if (bare !== given) return `write ${bare}, without the scheme`;
  if (/[A-Z]/.test(given) && REFERENCE.test(given.toLowerCase()))
    return `write ${given.toLowerCase()}: names are lower case`;
  const tag = /:([\w.-]+)$/.exec(given)?.[1] ?? '';
  if (tag.length > LONGEST_TAG)
    return `shorten its tag from ${tag.length} to at most ${LONGEST_TAG} characters`;
  return 'use lower-case letters, digits, ".", "_" and "-", with "/" between the parts';
}
