/** Stands for what is removed. */
export const MASK = '***';

/**
 * Removes what looks like a secret from text that does not come from ecs-ramp: answers of AWS,
 * output of containers and builds, values of inputs. Keeps quotes and backslashes, so that JSON
 * stays JSON. Pure.
 */
export function withoutSecrets(text: string): string {
  const known = RULES.reduce((shown, [pattern, rest]) => shown.replaceAll(pattern, rest), text);
  return known.replaceAll(RANDOM_TEXT, (token) => (looksRandom(token) ? MASK : token));
}

/** Whether a part of the text looks like a secret. */
export function looksSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}

/** Whether the name of a variable or an option says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return new RegExp(`${NAME}|(?:[_-]|^)(?:key|pw|sk|pin|salt|cert)$`, 'i').test(name);
}

const NAME =
  'passw(?:or)?d|passwd|passphrase|pwd|secret|token(?!s)|credential|private|dsn$|auth(?!or)|(?:api|access|account|signing|encryption|private|shared|license|master|service)[_-]?key';
/** Names in `NAME=value`, without `auth` and `private`, which occur in ordinary text. */
const ASSIGNED =
  '(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token(?!s)|credentials?|[a-z0-9]+[_-]?key|auth|_dsn|_pw|_sk)';
const WORD = String.raw`[\w.-]{0,80}`;
/** What follows is already hidden, a reference to a variable, or a placeholder. */
const SHOWN = String.raw`(?!\*\*\*|\$[({A-Z]|[<(]|null\b|true\b|false\b)`;

type Rule = readonly [pattern: RegExp, rest: string];

const RULES: readonly Rule[] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:(?!-----)[^"'])*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?/g,
    MASK,
  ],
  // scheme://user:password@host; the password may contain a slash that is not encoded.
  [
    /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?:[^\s"'<>\\/?#@]{0,200}:[^\s"'<>\\]{0,500}|[^\s"'<>\\/?#]{1,500})@/gi,
    `$1${MASK}@`,
  ],
  [/\b(https:\/\/hooks\.slack\.com\/)[\w/-]+/gi, `$1${MASK}`],
  [
    /([?&;][^=&\s"'\\#]{0,60}?(?:token|key|secret|sig|signature|passw(?:or)?d|pwd|auth|credential|jwt|session)[^=&\s"'\\#]{0,20}=)[^&\s"'\\#<>]+/gi,
    `$1${MASK}`,
  ],
  [
    /\b(authorization(?:\\?["'])?\s?[:=]\s?(?:\\?["'])?(?:(?:basic|bearer|token)\s+)?)(?![:}\]])[^\s"'\\,;]+/gi,
    `$1${MASK}`,
  ],
  [/\b(basic|bearer)\s+(?=\S*[\d=+/])[\w+/.~=-]{8,}/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, MASK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, MASK],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|dop_v1_|shp(?:at|ss|ca)_|hv[sb]\.|ya29\.)[\w-]{16,}/g,
    MASK,
  ],
  [/\bxox[abceoprs]-[\w-]{8,}/g, MASK],
  [/\b(?:[sr]k_(?:live|test)_|whsec_)\w{6,}/g, MASK],
  [/\bsk-[\w-]{20,}|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}/g, MASK],
  // "name": "value", also within a string of JSON.
  [
    new RegExp(String.raw`((\\?["'])${WORD}${ASSIGNED}${WORD}\2\s?:\s?\2)${SHOWN}[^"'\\]+(?=\2)`, 'gi'),
    `$1${MASK}`,
  ],
  // NAME="value" and NAME=value. A quote before a comma, a colon or a bracket ends a string of JSON.
  [
    new RegExp(
      String.raw`((?<![\w.-])${WORD}${ASSIGNED}${WORD}\s?=\s?(\\?["']))${SHOWN}(?![,:}\]\s])[^"'\\]+(?=\2)`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [
    new RegExp(String.raw`((?<![\w.-])${WORD}${ASSIGNED}${WORD}\s?=\s?)${SHOWN}[^\s"'\\,;&]+`, 'gi'),
    `$1${MASK}`,
  ],
  // NAME: value. Only upper case, and not the path of a member: messages name inputs this way.
  [
    new RegExp(
      String.raw`((?<![\w.-])[A-Z][A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|_KEY|_DSN)\s?:\s)${SHOWN}[^\s"'\\,;]+`,
      'g',
    ),
    `$1${MASK}`,
  ],
  // --password value and --password=value.
  [
    new RegExp(
      String.raw`((?<![\w-])--?[\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api-?key|access-?key|private-?key)(?:=|\s+(?:\\?["'])?|\\?["'],\s?\\?["']))${SHOWN}(?![A-Z_]+(?:\s|$))(?![,:}\]-])[^\s"'\\]+`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [/(\s(?:-u|--user)[\s=]?)([^\s:"'\\]{1,80}):(?!\d+(?:\s|$))[^\s"'\\]+/g, `$1$2:${MASK}`],
  [
    /(\b(?:mysql\w*|mariadb[\w-]*|sshpass|mongo\w*|redis-cli|(?:docker|podman|registry) login)\b[^\n|;&"'\\]{0,200}?\s-[pa]\s?)[^\s"'\\-][^\s"'\\]*/g,
    `$1${MASK}`,
  ],
  // Longer than any digest or commit.
  [/(?<!\w)[0-9a-f]{65,}(?!\w)/gi, MASK],
];

/** Not the end of an ARN, a digest or a path. */
const RANDOM_TEXT = /(?<![\w.:/@%+-])[A-Za-z0-9+/_-]{32,}={0,2}(?!\w)/g;

/** A secret access key of AWS. */
const ACCESS_KEY = /^[A-Za-z0-9+/]{40}$/;

/** Many changes between kinds of characters, and no long word. */
function looksRandom(token: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/];
  if (!kinds.every((kind) => kind.test(token)) || /[a-z]{6}/.test(token)) return false;
  if (ACCESS_KEY.test(token)) return true;
  // A path.
  if (token.includes('/') && !token.endsWith('=')) return false;
  const kindOf = (sign: string) => kinds.findIndex((kind) => kind.test(sign));
  const found = token.split('').map(kindOf);
  const changes = found.filter((kind, index) => index > 0 && kind !== found[index - 1]);
  return changes.length >= token.length / 2;
}
