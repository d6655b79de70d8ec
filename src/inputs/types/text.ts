import { invisibleIn } from '../../core/plain-text.ts';
import { Secret } from '../../core/secrecy/secret.ts';
import { type InputType, shown, wrong } from './input-type.ts';

/** Any text on one line. */
export function text({ allowed }: { readonly allowed: string }): InputType<string> {
  return {
    allowed,
    parse(given) {
      if (/[\r\n]/.test(given)) return SEVERAL_LINES;
      const invisible = invisibleIn(given);
      return invisible === null
        ? { value: given }
        : wrong(`${shown(given)} contains an invisible character, ${invisible}`, 'remove it');
    },
  };
}

/** A password or a token. */
export function secretText({ allowed }: { readonly allowed: string }): InputType<Secret> {
  return {
    allowed,
    secret: true,
    parse: (given) => (/[\r\n]/.test(given) ? SEVERAL_LINES : { value: new Secret(given) }),
  };
}

const SEVERAL_LINES = wrong('it has more than one line', 'write it on one line');

/**
 * Text that matches a pattern. `what` completes "is not ..."; `fix` returns the fix for other text.
 */
export function textMatching({
  what,
  allowed,
  pattern,
  fix,
}: {
  readonly what: string;
  readonly allowed: string;
  readonly pattern: RegExp;
  readonly fix: (given: string) => string;
}): InputType<string> {
  return {
    allowed,
    parse: (given) =>
      pattern.test(given) ? { value: given } : wrong(`${shown(given)} is not ${what}`, fix(given)),
  };
}

export function choice<const T extends string>(...choices: readonly T[]): InputType<T> {
  const allowed = choices.join(' or ');
  return {
    allowed,
    form: { choices },
    parse(given) {
      const chosen = choices.find((choice) => choice === given);
      return chosen === undefined
        ? wrong(`${shown(given)} is not an allowed value`, `write ${allowed}`)
        : { value: chosen };
    },
  };
}

/** The booleans of the YAML 1.2 core schema: `yes`, `on` and `1` are mistakes. */
export const booleanInput: InputType<boolean> = {
  allowed: 'true or false',
  form: 'truth',
  parse: (given) =>
    /^(true|True|TRUE|false|False|FALSE)$/.test(given)
      ? { value: given.toLowerCase() === 'true' }
      : wrong(`${shown(given)} is not a boolean`, 'write true or false'),
};

/** The name of an ECS service, cluster or container. For an ARN, the fix shows the name in it. */
export function ecsName(what: string): InputType<string> {
  return textMatching({
    what: `the name of ${what}`,
    allowed: 'letters, digits, - and _, at most 255',
    pattern: /^[a-zA-Z0-9_-]{1,255}$/,
    fix: (given) =>
      given.startsWith('arn:')
        ? `write its name, ${given.split(/[/:]/).at(-1)}, instead of the ARN`
        : 'write the name as shown in the ECS console',
  });
}

export const region = textMatching({
  what: 'the name of an AWS region',
  allowed: 'the name of an AWS region, such as eu-central-1',
  pattern: /^[a-z]{2,5}(-[a-z]+)+-\d+$/,
  fix: () => 'write a name such as eu-central-1',
});

export const roleArn = textMatching({
  what: 'the ARN of an IAM role',
  allowed: 'the ARN of an IAM role',
  pattern: /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  fix: () => 'write the full ARN, such as arn:aws:iam::123456789012:role/NAME',
});

export const accountId = textMatching({
  what: 'the id of an AWS account',
  allowed: 'the id of an AWS account, 12 digits',
  pattern: /^\d{12}$/,
  fix: (given) =>
    /^\d{4}-\d{4}-\d{4}$/.test(given) ? `write ${given.replaceAll('-', '')}` : 'write all 12 digits',
});

export const path = text({ allowed: 'a path, absolute or relative to the workspace' });

export const url: InputType<string> = {
  allowed: 'a URL that starts with http:// or https://, without a query',
  parse(given) {
    const parsed = URL.parse(given);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
      return wrong(`${shown(given)} is not a URL`, 'write the full URL, as http://HOST:PORT');
    }
    if (parsed.username !== '' || parsed.search !== '' || parsed.hash !== '') {
      return wrong(
        'it has credentials, a query or a fragment',
        `write ${parsed.origin}${parsed.pathname} and put queries into smoke-test`,
      );
    }
    return { value: parsed.href.replace(/\/+$/, '') };
  },
};

const WEB_ADDRESS = 'a URL that starts with https:// or http://';
const FULL_ADDRESS = 'write the full URL, as https://HOST/PATH';

/** A URL, which may have a query. */
export const webAddress: InputType<string> = {
  allowed: WEB_ADDRESS,
  parse: (given) => parseWebAddress(given) ?? wrong(`${shown(given)} is not a URL`, FULL_ADDRESS),
};

/** The same, but everybody who knows it may use it. */
export const secretWebAddress: InputType<Secret> = {
  allowed: WEB_ADDRESS,
  secret: true,
  parse(given) {
    const parsed = parseWebAddress(given);
    return parsed === null
      ? wrong('the value is not a URL', FULL_ADDRESS)
      : { value: new Secret(parsed.value) };
  },
};

function parseWebAddress(given: string): { readonly value: string } | null {
  const parsed = /\s/.test(given) ? null : URL.parse(given);
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? { value: parsed.href } : null;
}
