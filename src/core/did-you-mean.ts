import { distance } from 'fastest-levenshtein';

/** The known name that was most likely meant by `word`; null when none is near enough to be worth asking about. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of known) {
    const edits = distance(word.toLowerCase(), name.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Infinity)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** `did you mean "web"? ` where one is near enough, else nothing; to be put before the list of what is there. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const name = nearest(word, known);
  return name === null ? '' : `did you mean "${name}"? `;
}
