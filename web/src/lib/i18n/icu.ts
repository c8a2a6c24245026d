/**
 * The part of ICU MessageFormat that the catalogs use:
 * {name}, {n, number}, {n, number, percent}, {d, date, short|medium|long|time},
 * {n, plural, =0 {..} one {..} other {..}} with # for the number, {x, select, a {..} other {..}}.
 * A quote mark shields braces: '{' is a brace. The Go side reads the same catalogs.
 */
export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'arg'; name: string }
  | { kind: 'pound' }
  | { kind: 'format'; name: string; type: 'number' | 'date'; style: string }
  | { kind: 'choice'; name: string; type: 'plural' | 'select'; options: Record<string, Node[]> };

export class MessageSyntaxError extends Error {}

class Reader {
  at = 0;
  constructor(readonly source: string) {}

  fail(what: string): never {
    throw new MessageSyntaxError(`${what} at ${this.at} in “${this.source}”`);
  }

  space() {
    while (/\s/.test(this.source[this.at] ?? '')) this.at++;
  }

  word(): string {
    this.space();
    const match = /^[\w=.-]+/.exec(this.source.slice(this.at));
    if (!match) this.fail('A word is missing');
    this.at += match[0].length;
    this.space();
    return match[0];
  }

  take(char: string) {
    this.space();
    if (this.source[this.at] !== char) this.fail(`“${char}” is missing`);
    this.at++;
  }

  message(depth: number, plural: boolean): Node[] {
    const nodes: Node[] = [];
    let text = '';
    const flush = () => {
      if (text) nodes.push({ kind: 'text', text });
      text = '';
    };
    while (this.at < this.source.length) {
      const char = this.source[this.at]!;
      if (char === "'" && /['{}#]/.test(this.source[this.at + 1] ?? '')) {
        text += this.quoted();
      } else if (char === '{') {
        flush();
        nodes.push(this.argument(depth));
      } else if (char === '}') {
        if (depth === 0) this.fail('A brace closes nothing');
        break;
      } else if (char === '#' && plural) {
        flush();
        nodes.push({ kind: 'pound' });
        this.at++;
      } else {
        text += char;
        this.at++;
      }
    }
    flush();
    return nodes;
  }

  quoted(): string {
    if (this.source[this.at + 1] === "'") {
      this.at += 2;
      return "'";
    }
    const end = this.source.indexOf("'", this.at + 1);
    const stop = end < 0 ? this.source.length : end;
    const text = this.source.slice(this.at + 1, stop);
    this.at = stop + 1;
    return text;
  }

  argument(depth: number): Node {
    this.take('{');
    const name = this.word();
    if (this.source[this.at] === '}') {
      this.at++;
      return { kind: 'arg', name };
    }
    this.take(',');
    const type = this.word();
    if (type === 'number' || type === 'date') {
      let style = '';
      if (this.source[this.at] === ',') {
        this.at++;
        style = this.word();
      }
      this.take('}');
      return { kind: 'format', name, type, style };
    }
    if (type !== 'plural' && type !== 'select') this.fail(`“${type}” is no known kind of argument`);
    this.take(',');
    const options: Record<string, Node[]> = {};
    this.space();
    while (this.source[this.at] !== '}') {
      if (this.at >= this.source.length) this.fail('A brace is open');
      const option = this.word();
      this.take('{');
      options[option] = this.message(depth + 1, type === 'plural');
      this.take('}');
      this.space();
    }
    this.at++;
    if (!options.other) this.fail('“other” is missing');
    return { kind: 'choice', name, type, options };
  }
}

/** Reads a message; throws MessageSyntaxError when it is malformed. */
export function parse(source: string): Node[] {
  const reader = new Reader(source);
  const nodes = reader.message(0, false);
  if (reader.at < source.length) reader.fail('Text after the end');
  return nodes;
}
