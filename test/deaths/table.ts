// The tables of deaths and outages in docs/reliability.md.
import { AFTER, PLACE_IN_WORDS, PLACES, SIGNALS, type Death, type Ending } from './death.ts';
import { OUTAGES, type Outage, type Survived } from './outages.ts';

export interface Found {
  readonly deaths: readonly { readonly death: Death; readonly ending: Ending }[];
  readonly outages: readonly {
    readonly outage: Outage;
    readonly ending: Pick<Survived, 'outcome' | 'serves'>;
  }[];
}

/** The page with the results between <deaths> and </deaths>. Other cells stay as they are. */
export function withTables(page: string, { deaths, outages }: Found): string {
  const heading = columns().map(({ signal, after }) => {
    return `${signal === 'cancel' ? 'cancelled' : signal}${after === 'nobody' ? ', nothing after' : ''}`;
  });
  const ofDeaths = PLACES.map((place) => {
    const before = cellsAt(page, PLACE_IN_WORDS[place]);
    const cells = columns().map((column, index) => {
      const found = deaths.find(({ death }) => isAt(death, { place, ...column }));
      return found ? endingInWords(found.ending) : (before?.[index] ?? '');
    });
    return [sentence(PLACE_IN_WORDS[place]), ...cells];
  });
  const ofOutages = OUTAGES.map(({ name }) => {
    const found = outages.find(({ outage }) => outage.name === name);
    const cells = found && [`\`${found.ending.outcome}\``, `${found.ending.serves} revision`];
    return [sentence(name), ...(cells ?? cellsAt(page, name) ?? ['', ''])];
  });
  const part = `\n${table(['Where the job was', ...heading], ofDeaths)}\n${table(['What went away', 'Outcome', 'Serves'], ofOutages)}\n`;
  return page.replace(
    /(^.*<deaths>.*\n)[^]*?(^.*<\/deaths>)/m,
    (_, begin: string, end: string) => begin + part + end,
  );
}

/** The cells of the row that starts with these words; `null` if there is none. */
export function cellsAt(page: string, words: string): readonly string[] | null {
  const begin = `| ${sentence(words)} | `;
  const row = page.split('\n').find((line) => line.startsWith(begin));
  return row?.slice(begin.length, -' |'.length).split(' | ') ?? null;
}

export function columns(): readonly Omit<Death, 'place'>[] {
  return SIGNALS.flatMap((signal) => AFTER.map((after) => ({ signal, after })));
}

export function endingInWords({ outcome, serves, leavesPause }: Ending): string {
  if (outcome !== null) return `\`${outcome}\``;
  return `not reported: ${serves} revision${leavesPause ? ', pause left' : ''}`;
}

function isAt(death: Death, other: Death): boolean {
  return death.place === other.place && death.signal === other.signal && death.after === other.after;
}

function sentence(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}

/** `prettier-ignore`, because Prettier would pad all cells to the widest one. */
function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows];
  return `<!-- prettier-ignore -->\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}
