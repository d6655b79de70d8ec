import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { TaskDefinitionChange } from '../../core/trail/event.ts';
import { isSecretName, looksSecret } from '../../core/secrecy/secret-text.ts';
import { flatten } from './flatten.ts';

/**
 * The change as everybody may see it. Only values that cannot be secret are shown: those whose
 * meaning ECS defines, and harmless texts of variables and options with well-known names.
 */
export function disclosed({ path, before, after }: TaskDefinitionChange): TaskDefinitionChange {
  const isShown = [before, after].every((value) => !value || isHarmless(path, value));
  if (isShown) return { path, before, after };
  return {
    path,
    before: before && '(hidden)',
    after: after && (before ? '(hidden, different)' : '(hidden)'),
  };
}

/** The texts of a task definition that must not be shown, the longest first. */
export function undisclosedIn(definition: RegisterTaskDefinitionCommandInput): readonly string[] {
  const texts = [...flatten(definition)].flatMap(([path, value]) =>
    isHarmless(path, value) ? [] : [value, ...entriesOf(value)],
  );
  return [...new Set(texts)].sort((a, b) => b.length - a.length);
}

function isHarmless(path: string, value: string): boolean {
  if (looksSecret(value)) return false;
  if (DEFINED.test(path)) return true;
  if (REFERENCES.test(path)) return /^(?:arn:aws[\w-]*:|\/)[\w:/.@+=,-]+$/.test(value);
  const name = FREE.exec(path)?.groups?.['name'];
  if (name === undefined || isSecretName(name)) return false;
  return FORMS.some(([names, form]) => names.test(name) && form.test(value));
}

/** Members whose values have a meaning for ECS or Docker. All others are hidden. */
const DEFINED = new RegExp(
  [
    '^(?:family|(?:task|execution)RoleArn|networkMode|cpu|memory|pidMode|ipcMode|requiresCompatibilities|enableFaultInjection)$',
    String.raw`^(?:runtimePlatform|ephemeralStorage|placementConstraints|inferenceAccelerators)\.`,
    String.raw`^proxyConfiguration\.(?:type|containerName)$`,
    String.raw`^volumes\.[\w-]+\.(?:name|configuredAtLaunch|host\.|efsVolumeConfiguration\.|s3filesVolumeConfiguration\.|dockerVolumeConfiguration\.(?:scope|autoprovision|driver)$)`,
    String.raw`^containerDefinitions\.[\w-]+\.(?:name|image|cpu|memory|memoryReservation|essential|user|workingDirectory|privileged|readonlyRootFilesystem|disableNetworking|interactive|pseudoTerminal|startTimeout|stopTimeout|versionConsistency)$`,
    String.raw`^containerDefinitions\.[\w-]+\.(?:portMappings|dependsOn|mountPoints|volumesFrom|ulimits|resourceRequirements|restartPolicy)\.`,
    String.raw`^containerDefinitions\.[\w-]+\.linuxParameters\.(?:capabilities\.|initProcessEnabled|sharedMemorySize|swappiness|maxSwap)`,
    String.raw`^containerDefinitions\.[\w-]+\.(?:healthCheck\.(?:interval|timeout|retries|startPeriod)|logConfiguration\.logDriver|firelensConfiguration\.type|environmentFiles\.\d+\.type)$`,
  ].join('|'),
);

/** Members that name a secret or a file elsewhere: shown if they are an ARN or a path. */
const REFERENCES =
  /^containerDefinitions\.[\w-]+\.(?:secrets|logConfiguration\.secretOptions|repositoryCredentials|environmentFiles)\./;

/** Maps from any name to any text. */
const FREE =
  /^(?:containerDefinitions\.[\w-]+\.(?:environment|logConfiguration\.options|dockerLabels)|tags)\.(?<name>.+?)(?:#\d+)?$/;

/** Which names may be shown, and what their values must look like for that. */
const FORMS: readonly (readonly [names: RegExp, form: RegExp])[] = [
  [
    /^(?:(?:[A-Z]+_)?ENV(?:IRONMENT)?|STAGE|SPRING_PROFILES_ACTIVE|environment|stage)$/i,
    /^(?:prod(?:uction)?|live|pre-?prod(?:uction)?|stag(?:e|ing)?|dev(?:elopment)?|test(?:ing)?|qa|uat|demo|sandbox|preview|local|ci)(?:-[a-z]{2}(?:-[a-z]+-\d)?)?$/i,
  ],
  [
    /^(?:[A-Z]+_)*LOG_?(?:LEVEL|FORMAT)$|^RUST_LOG$/,
    /^(?:trace|debug|verbose|silly|http|info|notice|warn(?:ing)?|error|critical|fatal|silent|off|json|text|plain|pretty|logfmt)$/i,
  ],
  [/^(?:[A-Z]+_)?PORT$/, /^\d{1,5}$/],
  [/^AWS_(?:DEFAULT_)?REGION$|^awslogs-region$|^region$/, /^[a-z]{2,5}(?:-[a-z]+)+-\d$/],
  [
    /^(?:[A-Z]+_)*(?:RELEASE|VERSION|COMMIT|COMMIT_SHA|GIT_SHA|GIT_COMMIT|REVISION|BUILD|BUILD_NUMBER|SHA)$/,
    /^(?:[0-9a-f]{7,40}|v?\d{1,20}(?:[.+-][\da-z]{1,16}){0,6}|[a-z]{1,20}(?:-\d{1,6})?)$/i,
  ],
  [/^TZ$/, /^(?:UTC|GMT|[A-Z][a-z]+\/[A-Za-z_]{1,20}(?:\/[A-Za-z_]{1,20})?)$/],
  [/^(?:LANG|LC_[A-Z]+)$/, /^(?:C|POSIX|[a-z]{2}_[A-Z]{2})(?:\.UTF-?8)?$/i],
  [/^awslogs-group$/, /^\/[\w./#-]{1,100}$/],
  [/^awslogs-stream-prefix$/, /^[a-z]{1,20}$/],
  [
    /^(?:awslogs-create-group|mode|max-buffer-size|max-file|max-size)$/,
    /^(?:true|false|blocking|non-blocking|\d{1,9}[kmg]?)$/,
  ],
];

/** The entries of a list of strings, which `flatten` writes as JSON. */
function entriesOf(value: string): readonly string[] {
  if (!value.startsWith('[')) return [];
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
