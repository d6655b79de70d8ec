import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { count } from '../../core/quantity.ts';
import { inputIssue, locatedIssue, type Issue, type IssueParts, type SourceLocation } from '../issue.ts';

/** Characters. A file of a thousand services has about 200,000. */
const LONGEST = 1_000_000;

const TOO_DEEP = { problem: 'its values are nested too deeply', fix: 'nest them less' };
/** What the parser says of it. */
const OVERFLOW = /call stack/;

/** An entry of a mapping: the name as written, its node, and its value (`null` if empty). */
export interface ConfigEntry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/**
 * Reads a YAML file. Collects every issue with its line and column instead of stopping at the
 * first.
 */
export class YamlReader {
  readonly issues: Issue[] = [];
  readonly root: Node | null;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed | null;
  /** The node that each alias means. */
  readonly #meant = new Map<Node, Node | null>();

  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = this.#parse(text);
    const errors = this.#document?.errors ?? [];
    // What was read until the stack overflowed would overflow it again.
    const isTooDeep = errors.some(({ message }) => OVERFLOW.test(message));
    if (isTooDeep) this.#refuse(TOO_DEEP);
    else
      for (const { message, pos } of errors) {
        const found = inputIssue('YAML', { problem: message, fix: 'correct the syntax' });
        this.issues.push(locatedIssue(found, this.#placeAt(pos[0])));
      }
    this.root = isTooDeep ? null : (this.#document?.contents ?? null);
  }

  #parse(text: string): Document.Parsed | null {
    if (text.length > LONGEST) {
      this.#refuse({
        problem: `it has ${count(text.length)} characters; the maximum is ${count(LONGEST)}`,
        fix: 'make it shorter',
      });
      return null;
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, merge: true });
      if (document.errors.length === 0) this.#findAnchors(document);
      return document;
    } catch (error) {
      this.refuseDepth(error);
      return null;
    }
  }

  /** One walk for all aliases: the parser itself would search the document again for each. */
  #findAnchors(document: Document.Parsed): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) this.#meant.set(node, anchors.get(node.source) ?? null);
        else if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
      },
    });
  }

  /** Adds the issue of a file on which the stack overflowed. Throws any other error again. */
  refuseDepth(error: unknown): void {
    if (!(error instanceof RangeError)) throw error;
    this.#refuse(TOO_DEEP);
  }

  #refuse(parts: IssueParts): void {
    this.issues.push(locatedIssue(inputIssue('YAML', parts), this.#placeAt(0)));
  }

  /** The start of the file for `null`. */
  place(node: Node | null): SourceLocation {
    return this.#placeAt(node?.range?.[0] ?? 0);
  }

  /** Adds an issue. `path` is the key in the message: `services.web.steps`. */
  wrong(node: Node | null, path: string, parts: IssueParts): void {
    this.issues.push(locatedIssue(inputIssue(path, parts), this.place(node)));
  }

  /**
   * The entries of a mapping, including merged ones (`<<`). Adds an issue and returns none if it is
   * not a mapping.
   */
  entries(node: Node | null, path: string): readonly ConfigEntry[] {
    return this.#entries(node, path, new Set());
  }

  /** `merged`: the mappings that are merged already. Another time they would add nothing. */
  #entries(node: Node | null, path: string, merged: Set<Node>): readonly ConfigEntry[] {
    const found = this.follow(node);
    if (found === null || (isScalar(found) && found.value === null)) return [];
    if (!isMap(found)) {
      this.wrong(found, path, { problem: 'it is not a mapping', fix: 'write KEY: value lines below it' });
      return [];
    }
    if (merged.has(found)) return [];
    merged.add(found);
    const own = new Map<string, ConfigEntry>();
    const others = new Map<string, ConfigEntry>();
    for (const { key, value } of found.items) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a parsed document holds nodes only
      const [keyNode, valueNode] = [key, value] as [Node, Node | null];
      const name = isScalar(keyNode) ? String(keyNode.source ?? keyNode.value) : null;
      if (name === '<<') {
        // Of two merged mappings, the first one wins.
        for (const entry of this.#merged(valueNode, path, merged))
          if (!others.has(entry.name)) others.set(entry.name, entry);
      } else if (name === null)
        this.wrong(keyNode, path, { problem: 'a key below it is not text', fix: 'write a name' });
      else own.set(name, { name, key: keyNode, value: valueNode });
    }
    return [...[...others.values()].filter(({ name }) => !own.has(name)), ...own.values()];
  }

  /** Resolves an alias. */
  follow(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    const meant = this.#meant.get(node) ?? null;
    if (meant === null) {
      const parts = {
        problem: 'there is no anchor of that name',
        fix: `write &${node.source} before the value that it refers to`,
      };
      this.wrong(node, `*${node.source}`, parts);
    }
    return meant;
  }

  /**
   * One text as written: `1.10` stays `1.10`. Adds an issue and returns `null` if there is no text.
   */
  text(node: Node | null, key: Node, path: string): string | null {
    const found = this.follow(node);
    if (isScalar(found) && found.value !== null) {
      return typeof found.value === 'string' ? found.value : (found.source ?? JSON.stringify(found.value));
    }
    const isNothing = found === null || isScalar(found);
    this.wrong(isNothing ? key : found, path, {
      problem: isNothing ? 'it has no value' : 'only one value is allowed',
      fix: isNothing ? 'give a value, or remove the key' : 'write one value after the colon',
    });
    return null;
  }

  /** A list of texts, or a single text. */
  texts(node: Node | null, key: Node, path: string): readonly string[] {
    const found = this.follow(node);
    if (!isSeq(found)) {
      const text = this.text(found, key, path);
      return text === null ? [] : [text];
    }
    return found.items.flatMap((item, index) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a parsed document holds nodes only
      const text = this.text(item as Node, found, `${path}[${index}]`);
      return text === null ? [] : [text];
    });
  }

  #merged(node: Node | null, path: string, merged: Set<Node>): readonly ConfigEntry[] {
    const found = this.follow(node);
    const sources = isSeq(found) ? found.items : [found];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a parsed document holds nodes only
    return sources.flatMap((source) => this.#entries(source as Node | null, path, merged));
  }

  #placeAt(offset: number): SourceLocation {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col };
  }
}
