import type { ContainerInstance } from '@aws-sdk/client-ecs';

/**
 * Whether an instance meets a `memberOf` expression of the cluster query language. Understands
 * comparisons of attributes, joined by `and`. Any other expression counts as met. Pure.
 */
export function meets(host: ContainerInstance, expression: string): boolean {
  return expression.split(/\s+and\s+|&&/i).every((part) => meetsPart(host, part.trim()));
}

const COMPARISON =
  /^attribute:(\S+)\s+(==|equals|!=|not_equals|in|not_in|!in|exists|!exists|not_exists)(?:\s+(.*))?$/i;

function meetsPart({ attributes = [] }: ContainerInstance, part: string): boolean {
  const [, name, operator = '', operand = ''] = COMPARISON.exec(part) ?? [];
  if (name === undefined) return true;
  const found = attributes.find((attribute) => attribute.name === name);
  const value = found?.value ?? '';
  const values = operand.replace(/^\[|\]$/g, '').split(/\s*,\s*/);
  switch (operator.toLowerCase()) {
    case '==':
    case 'equals':
      return found !== undefined && value === operand;
    case '!=':
    case 'not_equals':
      return value !== operand;
    case 'in':
      return found !== undefined && values.includes(value);
    case 'not_in':
    case '!in':
      return !values.includes(value);
    case 'exists':
      return found !== undefined;
    default:
      return found === undefined;
  }
}
