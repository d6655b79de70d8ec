import { alignedTo } from './line.ts';
import type { Line, Range } from './line.ts';

/** The expression is invalid, or uses metric math that the sandbox does not support. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/**
 * Metric math: ids, numbers, + - * /, parentheses and FILL(line, number | REPEAT | LINEAR). The
 * result has a point where every line has one; values that are not finite (a division by zero) are
 * omitted.
 * @param scope `now` is the end of the points that FILL adds.
 */
export function evaluate(
  expression: string,
  scope: { readonly line: (id: string) => Line; readonly range: Range; readonly now: number },
): Line {
  const tokens = tokenize(expression);
  let position = 0;

  const result = sum();
  if (position < tokens.length) throw unexpected();
  if (typeof result === 'number') throw new ExpressionError('The expression is a number, not a time series.');
  return result;

  function sum(): Operand {
    let left = product();
    for (let sign = take('+', '-'); sign; sign = take('+', '-')) left = combine(left, sign, product());
    return left;
  }

  function product(): Operand {
    let left = factor();
    for (let sign = take('*', '/'); sign; sign = take('*', '/')) left = combine(left, sign, factor());
    return left;
  }

  function factor(): Operand {
    if (take('-')) return combine(-1, '*', factor());
    if (take('(')) {
      const inner = sum();
      expect(')');
      return inner;
    }
    const token = tokens[position++];
    if (token === undefined) throw new ExpressionError('The expression ends too early.');
    if (/^[\d.]/.test(token)) return Number(token);
    if (/^[a-z]/.test(token)) return scope.line(token);
    if (token === 'FILL') return fill();
    if (/^[A-Z]/.test(token))
      throw new ExpressionError(`The function ${token} is not supported here; FILL is.`);
    position--;
    throw unexpected();
  }

  function fill(): Line {
    expect('(');
    const line = sum();
    expect(',');
    const how = take('REPEAT', 'LINEAR') ?? sum();
    expect(')');
    if (typeof line === 'number') throw new ExpressionError('FILL needs a time series.');
    if (typeof how === 'object') throw new ExpressionError('FILL fills with a number, REPEAT or LINEAR.');
    return filled(line, how, scope);
  }

  function take<T extends string>(...wanted: T[]): T | undefined {
    const token = wanted.find((candidate) => candidate === tokens[position]);
    if (token !== undefined) position++;
    return token;
  }

  function expect(token: string): void {
    if (!take(token)) throw unexpected();
  }

  function unexpected(): ExpressionError {
    return new ExpressionError(
      position < tokens.length
        ? `'${tokens[position]}' was not expected in the expression.`
        : 'The expression ends too early.',
    );
  }
}

type Operand = Line | number;

function tokenize(expression: string): string[] {
  const tokens = expression.match(/\d+(?:\.\d+)?|\.\d+|[A-Za-z]\w*|\S/g);
  if (!tokens) throw new ExpressionError('The expression is empty.');
  return tokens;
}

function combine(left: Operand, sign: '+' | '-' | '*' | '/', right: Operand): Operand {
  const apply = { '+': add, '-': subtract, '*': multiply, '/': divide }[sign];
  if (typeof left === 'number') {
    return typeof right === 'number' ? apply(left, right) : map(right, (value) => apply(left, value));
  }
  if (typeof right === 'number') return map(left, (value) => apply(value, right));
  if (left.period !== right.period) {
    throw new ExpressionError('The metrics of an expression must have the same period.');
  }
  return map(left, (value, at) => apply(value, right.points.get(at) ?? NaN));
}

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const multiply = (a: number, b: number) => a * b;
const divide = (a: number, b: number) => a / b;

function map({ period, points }: Line, change: (value: number, at: number) => number): Line {
  const changed = [...points].map(([at, value]) => [at, change(value, at)] as const);
  return { period, points: new Map(changed.filter(([, value]) => Number.isFinite(value))) };
}

/** A line without any point stays empty. */
function filled(
  line: Line,
  how: 'REPEAT' | 'LINEAR' | number,
  { range, now }: { readonly range: Range; readonly now: number },
): Line {
  const { period, points } = line;
  if (points.size === 0) return line;
  const { start, end } = alignedTo(period, range);
  const full = new Map<number, number>();
  for (let at = start; at < end && at <= now; at += period) {
    const value = points.get(at) ?? (typeof how === 'number' ? how : between(points, at, how));
    if (value !== null) full.set(at, value);
  }
  return { period, points: full };
}

function between(points: ReadonlyMap<number, number>, at: number, how: 'REPEAT' | 'LINEAR'): number | null {
  const known = [...points.keys()];
  const before = known.findLast((time) => time < at);
  const after = known.find((time) => time > at);
  if (before === undefined) return null;
  if (how === 'REPEAT') return points.get(before)!;
  if (after === undefined) return null;
  const [low, high] = [points.get(before)!, points.get(after)!];
  return low + ((high - low) * (at - before)) / (after - before);
}
