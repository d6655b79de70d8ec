import { quantity } from '../../core/quantity.ts';
import { code, escaped, table, type Markdown } from '../../report/markdown.ts';
import { printable } from '../../core/plain-text.ts';
import type { Changes } from './changes.ts';

/** The changes as log lines. Pure. */
export function changesInWords(found: Changes): readonly string[] {
  const { touched, gone } = found;
  return [
    headline(found),
    ...touched.map(({ service, reasons, wave }) => {
      const turn = severalWaves(found) ? ` (wave ${wave})` : '';
      return `  ${service}${turn}: ${reasons.join('; ')}`;
    }),
    ...gone.map((service) => `  ${service} is no longer in the configuration: nothing is removed from AWS`),
  ].flatMap(printable);
}

/** The changes for the job summary. Pure. */
export function changesSummary(found: Changes): Markdown {
  const { touched, gone } = found;
  const waves = severalWaves(found);
  const rows = touched.map(({ service, reasons, wave }) => [
    code(service),
    ...(waves ? [String(wave)] : []),
    reasons.map((reason) => escaped(reason)).join('<br>'),
  ]);
  return [
    `## ${escaped(headline(found))}`,
    ...(rows.length > 0 ? [table(['Service', ...(waves ? ['Wave:'] : []), 'Why'], rows)] : []),
    ...(gone.length > 0
      ? [
          `No longer in the configuration: ${gone.map((service) => code(service)).join(', ')}. Nothing is removed from AWS.`,
        ]
      : []),
    '',
  ].join('\n\n');
}

function headline({ touched, compared, files, environment, idle }: Changes): string {
  const services = touched.length === 0 ? 'No services' : quantity(touched.length, 'service');
  const where = environment === null ? '' : ` of ${environment}`;
  const looked = files === null ? compared : `${quantity(files, 'file')} in ${compared}`;
  const but = idle === null ? '' : `: nothing is deployed, ${idle}`;
  return `${services}${where} touched (${looked})${but}`;
}

function severalWaves({ touched }: Changes): boolean {
  return touched.some(({ wave }) => wave > 1);
}
