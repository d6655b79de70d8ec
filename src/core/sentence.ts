export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The clause as a sentence, with its end. */
export function asSentence(clause: string): string {
  return `${upperFirst(clause)}${/[.!?]$/.test(clause) ? '' : '.'}`;
}
