/** The password in a URL, as it is written there and decoded. Empty for any other text. */
export function urlPasswords(text: string): readonly string[] {
  const password = URL.parse(text)?.password ?? '';
  return password === '' ? [] : [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
