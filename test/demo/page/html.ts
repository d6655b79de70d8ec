import { plainText } from '../../../src/core/plain-text.ts';
import { escapedHtml } from '../../../src/report/html/from-markdown.ts';

/** Markup. Only `html` makes it, so text is never taken for it. */
export class Html {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static of(parts: TemplateStringsArray, values: readonly Content[]): Html {
    return new Html(parts.map((part, index) => part + markup(values[index] ?? '')).join(''));
  }
}

type Content = Html | readonly Html[] | string | number;

/** A template of HTML or SVG: strings in it are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return Html.of(parts, values);
}

function markup(value: Content): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(markup).join('\n');
  return escapedHtml(plainText(String(value)));
}
