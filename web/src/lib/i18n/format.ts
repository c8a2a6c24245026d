import { parse, type Node } from './icu';

export type Value = string | number | Date;
export type Values<R = never> = Record<string, Value | R>;

const dateStyles: Record<string, Intl.DateTimeFormatOptions> = {
  '': { day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short' },
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' },
  time: { hour: 'numeric', minute: '2-digit' },
};

const numberStyles: Record<string, Intl.NumberFormatOptions> = {
  '': {},
  percent: { style: 'percent', maximumFractionDigits: 1 },
  compact: { notation: 'compact' },
};

/** Formats messages of one language. R is what else may stand in for an argument, such as a React node. */
export class Formatter {
  private readonly parsed = new Map<string, Node[]>();
  private readonly plurals: Intl.PluralRules;
  private readonly numbers = new Map<string, Intl.NumberFormat>();
  private readonly dates = new Map<string, Intl.DateTimeFormat>();

  constructor(readonly locale: string) {
    this.plurals = new Intl.PluralRules(locale);
  }

  text(message: string, values: Values = {}): string {
    return this.parts(message, values).join('');
  }

  parts<R = never>(message: string, values: Values<R>): (string | R)[] {
    let nodes = this.parsed.get(message);
    if (!nodes) this.parsed.set(message, (nodes = parse(message)));
    return this.render(nodes, values, 0);
  }

  private render<R>(nodes: Node[], values: Values<R>, pound: number): (string | R)[] {
    const out: (string | R)[] = [];
    for (const node of nodes) {
      if (node.kind === 'text') out.push(node.text);
      else if (node.kind === 'pound') out.push(this.number(pound, ''));
      else if (node.kind === 'arg') out.push(this.plain(values[node.name]));
      else if (node.kind === 'format') out.push(this.styled(node.type, node.style, values[node.name] as Value));
      else {
        const value = values[node.name];
        const count = Number(value);
        const pick = node.type === 'plural' ? this.plural(node.options, count) : node.options[String(value)];
        out.push(...this.render(pick ?? node.options.other!, values, count));
      }
    }
    return out;
  }

  private plain<R>(value: Value | R | undefined): string | R {
    if (value === undefined || value === null) return '';
    if (typeof value === 'number') return this.number(value, '');
    if (value instanceof Date) return this.date(value, '');
    return value as string | R;
  }

  private plural(options: Record<string, Node[]>, count: number): Node[] | undefined {
    return options[`=${count}`] ?? options[this.plurals.select(count)];
  }

  private styled(type: 'number' | 'date', style: string, value: Value): string {
    return type === 'number' ? this.number(Number(value), style) : this.date(value, style);
  }

  private number(value: number, style: string): string {
    let format = this.numbers.get(style);
    if (!format) this.numbers.set(style, (format = new Intl.NumberFormat(this.locale, numberStyles[style])));
    return format.format(value);
  }

  private date(value: Value, style: string): string {
    let format = this.dates.get(style);
    if (!format) this.dates.set(style, (format = new Intl.DateTimeFormat(this.locale, dateStyles[style])));
    return format.format(new Date(value));
  }
}
