import { isApple } from '../platform';

/** One key with its modifiers, as “mod+shift+enter”, “x”, “?” or “ArrowDown”; a chord is “g i”. */
export interface Stroke {
  key: string;
  mod: boolean;
  shift: boolean;
}

export function parseStroke(text: string): Stroke {
  const parts = text.toLowerCase().split('+');
  return { key: parts.at(-1) || '+', mod: parts.includes('mod'), shift: parts.includes('shift') };
}

const codePunctuation: Record<string, string> = {
  BracketLeft: '[', BracketRight: ']', Period: '.', Slash: '/', Comma: ',',
};

/**
 * The key that was meant. event.key decides where the layout writes Latin letters; on other layouts
 * (Cyrillic, kana) and for letters that Latin layouts add (Turkish ı), the place of the key does.
 */
export function keyOf(event: KeyboardEvent): string {
  const { key, code } = event;
  if (key.length === 1 && key > '\x7f') {
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter) return letter.toLowerCase();
    const latin = /\p{Script=Latin}/u.test(key);
    if (!latin) return codePunctuation[code] ?? key;
  }
  return key === ' ' ? 'space' : key.toLowerCase();
}

const isLetter = (key: string) => /^[a-z]$/.test(key);

export function matches(stroke: Stroke, event: KeyboardEvent): boolean {
  if (keyOf(event) !== stroke.key) return false;
  // AltGr arrives as Ctrl+Alt; it only writes a sign, such as [ on a German keyboard.
  const altGraph = event.getModifierState?.('AltGraph') ?? false;
  if (event.altKey && !altGraph && !isApple) return false;
  const mod = altGraph ? false : isApple ? event.metaKey : event.ctrlKey;
  if (mod !== stroke.mod) return false;
  if (isApple ? event.ctrlKey : event.metaKey) return false;
  // Shift is part of how ? and ! are written, so it only counts for letters and named keys.
  const named = stroke.key.length > 1;
  return isLetter(stroke.key) || named ? event.shiftKey === stroke.shift : true;
}

const appleCaps: Record<string, string> = { mod: '⌘', shift: '⇧', enter: '↵', backspace: '⌫' };
const otherCaps: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', enter: '↵', backspace: '⌫' };
const caps: Record<string, string> = {
  arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', escape: 'Esc', space: 'Space',
};

/** The caps to draw for a key or chord: “mod+enter” -> ⌘ ↵. */
export function keyCaps(keys: string): string[] {
  const modifiers = isApple ? appleCaps : otherCaps;
  return keys.split(' ').flatMap((stroke) =>
    (stroke === '+' ? ['+'] : stroke.split('+')).map((part) => {
      const name = part.toLowerCase();
      return modifiers[name] ?? caps[name] ?? (part.length === 1 ? part.toUpperCase() : part);
    }),
  );
}

/** The value of aria-keyshortcuts. Chords have none in the standard. */
export function ariaKeys(keys: string | undefined): string | undefined {
  if (!keys || keys.includes(' ')) return undefined;
  const mod = isApple ? 'Meta' : 'Control';
  return keys
    .split('+')
    .map((part) => (part === 'mod' ? mod : part === 'shift' ? 'Shift' : part.length === 1 ? part.toUpperCase() : part))
    .join('+');
}
