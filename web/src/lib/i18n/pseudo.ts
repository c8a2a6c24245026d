import { parse, type Node } from './icu';

const accents: Record<string, string> = {
  a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', y: 'ý', c: 'ç', n: 'ñ', s: 'š', z: 'ž', l: 'ł', d: 'ð', r: 'ř', t: 'ţ',
  A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', Y: 'Ý', C: 'Ç', N: 'Ñ', S: 'Š', Z: 'Ž', L: 'Ł', D: 'Ð', R: 'Ř', T: 'Ţ',
};

function accent(text: string): string {
  return text.replace(/\p{L}/gu, (letter) => accents[letter] ?? letter);
}

function shield(text: string): string {
  return text.replace(/'/g, "''").replace(/[{}#]/g, (brace) => `'${brace}'`);
}

function write(nodes: Node[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return shield(accent(node.text));
      if (node.kind === 'arg') return `{${node.name}}`;
      if (node.kind === 'pound') return '#';
      if (node.kind === 'format') return `{${node.name}, ${node.type}${node.style ? `, ${node.style}` : ''}}`;
      const options = Object.entries(node.options).map(([option, inner]) => `${option} {${write(inner)}}`);
      return `{${node.name}, ${node.type}, ${options.join(' ')}}`;
    })
    .join('');
}

/** A message as en-XA shows it: accented, in brackets and 40 % longer, so that pages show what they cut off. */
export function pseudo(message: string): string {
  const extra = Math.ceil(message.length * 0.4);
  return `[${write(parse(message))}${' ~'.repeat(Math.ceil(extra / 2))}]`;
}
