import { distance } from 'fastest-levenshtein';

/** The known name that is most similar to `word`; `null` when none is similar enough. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of known) {
    const edits = distance(word.toLowerCase(), name.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Infinity)) best = { name, edits };
  }
  return best?.name ?? null;
}

/**
 * `did you mean "web"? ` when a known name is similar enough, otherwise empty. Goes before the list
 * of known names.
 */
export function didYouMean(word: string, known: Iterable<string>): string {
  const name = nearest(word, known);
  return name === null ? '' : `did you mean "${name}"? `;
}
