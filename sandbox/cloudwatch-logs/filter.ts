import { AwsError } from '../wire/service.ts';

/**
 * A filter pattern of terms: all plain terms must occur, no term with `-`, and at least one of the
 * terms with `?` if there are any. "Quotes" enclose a phrase. Case-sensitive.
 * @throws AwsError InvalidParameterException for JSON patterns, column patterns and regular
 * expressions, which the sandbox does not support.
 */
export function parseFilter(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    throw new AwsError(
      'InvalidParameterException',
      'Invalid filter pattern: the sandbox matches terms only, not JSON, columns or regular expressions.',
    );
  }
  const terms = [...pattern.matchAll(/([-?]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase ?? word ?? '',
  }));
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const any = terms.filter(({ sign }) => sign === '?');
  return (message) => {
    const occurs = ({ text }: { readonly text: string }) => message.includes(text);
    return all.every(occurs) && !none.some(occurs) && (any.length === 0 || any.some(occurs));
  };
}
