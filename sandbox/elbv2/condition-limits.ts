import type { RuleCondition as ConditionRouting } from '../ports.ts';
import { invalid } from './parameters.ts';

/** The most characters of a value of a condition. */
const LONGEST: Readonly<Record<ConditionRouting['field'], number>> = {
  'path-pattern': 128,
  'host-header': 128,
  'http-header': 128,
  'http-request-method': 40,
  'query-string': 128,
  'source-ip': 128,
};
const LONGEST_HEADER_NAME = 40;

/** Throws a ValidationError for a condition without values, and for values that AWS does not accept. */
export function checkConditionValues({ field, header, values }: ConditionRouting): void {
  if (values.length === 0) {
    const isPlain = field === 'path-pattern' || field === 'host-header';
    throw invalid(isPlain ? 'A condition value must be specified' : `A '${field}' value must be specified`);
  }
  if (header !== null) checkLength('HttpHeaderName', header, LONGEST_HEADER_NAME);
  const named = field === 'query-string' ? 'Value' : field;
  for (const { key, value } of values) {
    if (key !== null) checkLength('Key', key, LONGEST[field]);
    checkLength(named, value, LONGEST[field]);
    if (field === 'http-request-method' && !/^[A-Z_-]+$/.test(value)) {
      throw invalid(
        "The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore",
      );
    }
  }
}

function checkLength(what: string, text: string, most: number): void {
  if (text.length > most) throw invalid(`The '${what}' value is too long; the limit is '${most}'`);
}
