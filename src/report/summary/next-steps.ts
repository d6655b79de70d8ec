import { nameOfArn } from '../../core/arn.ts';
import { listenerRuleUrl, serviceDeploymentsUrl, targetGroupUrl } from '../console-links.ts';
import { code, fenced, link, type Markdown } from '../markdown.ts';
import { storyEnd, type Story } from '../story.ts';

const LONGEST_COMMAND = 110;

/** For a `dirty` outcome: what to check, the expected state, and how to roll back by hand. */
export function nextSteps(story: Story): Markdown[] {
  if (storyEnd(story).outcome !== 'dirty') return [];
  const looks = [...deployment(story), ...weights(story), ...tasks(story), ...undo(story)];
  return [
    '### What to check',
    ...looks.map(({ what, commands }, index) => `**${index + 1}.** ${what}\n\n${fenced(commands, 'sh')}`),
  ];
}

interface Look {
  readonly what: Markdown;
  /** AWS CLI commands, one per line. */
  readonly commands: readonly string[];
}

function deployment({ rollout, started }: Story): Look[] {
  if (!rollout || !started) return [];
  const { serviceDeploymentArn: arn } = rollout;
  return [
    {
      what: `${link('The service deployment', serviceDeploymentsUrl(arn))}: it should have ended with status <code>SUCCESSFUL</code> or <code>ROLLBACK_SUCCESSFUL</code>.`,
      commands: [
        aws('ecs describe-service-deployments', { region: started.region, 'service-deployment-arns': arn }),
        '# If it is still IN_PROGRESS, this requests the rollback from ECS:',
        aws('ecs stop-service-deployment', {
          region: started.region,
          'service-deployment-arn': arn,
          'stop-type': 'ROLLBACK',
        }),
      ],
    },
  ];
}

function weights({ inspected, rollout, started }: Story): Look[] {
  const rule = inspected?.traffic?.productionRule;
  if (!rule || !started) return [];
  const arms = [
    ['canary', rollout?.canaryTargetGroup],
    ['stable', rollout?.stableTargetGroup],
  ].flatMap(([arm, group]) =>
    group ? [`${arm} was ${link(code(nameOfArn(group)), targetGroupUrl(group))}`] : [],
  );
  const { region } = started;
  return [
    {
      what: `${link('The listener rule', listenerRuleUrl(rule))}: one target group should have weight 100, the other 0${arms.length > 0 ? ` (${arms.join(', ')})` : ''}.`,
      commands: [
        rule.includes(':listener-rule/')
          ? aws('elbv2 describe-rules', { region, 'rule-arns': rule, query: 'Rules[].Actions' })
          : aws('elbv2 describe-listeners', {
              region,
              'listener-arns': rule,
              query: 'Listeners[].DefaultActions',
            }),
      ],
    },
  ];
}

function tasks({ started }: Story): Look[] {
  if (!started) return [];
  return [
    {
      what: 'The service: all desired tasks should run, all with the same task definition.',
      commands: [
        aws('ecs describe-services', {
          region: started.region,
          cluster: started.cluster,
          services: started.service,
          query: 'services[].[taskDefinition,desiredCount,runningCount,events[:5].message]',
        }),
      ],
    },
  ];
}

function undo({ inspected, returning, started }: Story): Look[] {
  const old = returning?.to.taskDefinitionArn ?? inspected?.taskDefinitionArn;
  if (!old || !started) return [];
  return [
    {
      what: `If the new revision is in use and should not be: deploy ${code(nameOfArn(old))}, the old task definition, again.`,
      commands: [
        aws('ecs update-service', {
          region: started.region,
          cluster: started.cluster,
          service: started.service,
          'task-definition': old,
        }),
      ],
    },
  ];
}

/** A shell command; values are quoted if necessary, and long commands are split into lines. */
function aws(command: string, options: Readonly<Record<string, string>>): string {
  const parts = [
    `aws ${command}`,
    ...Object.entries(options).map(([name, value]) => `--${name} ${quoted(value)}`),
  ];
  const line = parts.join(' ');
  return line.length <= LONGEST_COMMAND ? line : parts.join(' \\\n  ');
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/u.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
