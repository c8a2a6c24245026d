import { createStore } from '../store';
import { catalog, commandIds, type CommandId } from './catalog';
import { matches, parseStroke, type Stroke } from './keys';
import { findCommand, settleFor } from './registry';

/** Single keys can be turned off in the profile (WCAG 2.1.4); keys with Mod go on working. */
export const singleKeys = createStore(true);

const chordTime = 1200;

/** What was last done by its key; each time anew. */
export const keyUsed = createStore<{ id: CommandId } | undefined>(undefined);

interface Binding {
  id: CommandId;
  strokes: Stroke[];
}

const bindings: Binding[] = commandIds.flatMap((id) =>
  (catalog[id].keys ?? []).map((keys) => ({ id, strokes: keys.split(' ').map(parseStroke) })),
);

const chordStarts = bindings.filter((binding) => binding.strokes.length > 1).map((binding) => binding.strokes[0]!);

const textInputs = /^(text|search|email|url|tel|password|number|date|time|datetime-local|month|week)$/;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return textInputs.test(target.type);
  return target instanceof HTMLSelectElement || target.getAttribute('role') === 'textbox';
}

// Enter and Space belong to the button that has the focus, arrows to the menu or radio.
function belongsToControl(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.key === 'Enter' || event.key === ' ') {
    return event.target.closest('button,a[href],summary,input,[role=menuitem],[role=menuitemradio],[role=tab]') !== null;
  }
  if (event.key.startsWith('Arrow')) {
    return event.target.closest('input,[role=menu],[role=radiogroup],[role=tablist],[role=slider],[role=separator]') !== null;
  }
  return false;
}

function allowed(binding: Binding, event: KeyboardEvent): boolean {
  const plain = !binding.strokes[0]!.mod;
  if (plain && binding.strokes[0]!.key !== 'escape' && !singleKeys.get()) return false;
  if (plain && isTyping(event.target) && !catalog[binding.id].whileTyping) return false;
  // Select all, undo and the like keep their meaning inside a field.
  if (!plain && isTyping(event.target) && /^(a|z)$/.test(binding.strokes[0]!.key)) return false;
  return !belongsToControl(event);
}

/** Starts listening to the keyboard; call once. Answers how to stop. */
export function listenToKeys(target: Window = window): () => void {
  let chord: Stroke | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function forget() {
    chord = undefined;
    clearTimeout(timer);
  }

  function onKey(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || event.key === 'Process') return;
    if (/^(Shift|Control|Alt|Meta|AltGraph)$/.test(event.key)) return;
    // While a dialog is open the page under it rests.
    if (document.querySelector('dialog[open]:modal')) return forget();

    const pending = chord;
    forget();
    for (const binding of bindings) {
      const [first, second] = binding.strokes as [Stroke, Stroke?];
      const hit = second ? pending?.key === first.key && matches(second, event) : !pending && matches(first, event);
      if (!hit || !allowed(binding, event)) continue;
      settleFor(binding.id);
      const command = findCommand(binding.id);
      if (!command) continue;
      event.preventDefault();
      command.run();
      keyUsed.set({ id: binding.id });
      return;
    }
    const start = chordStarts.find((stroke) => matches(stroke, event));
    if (start && !pending && singleKeys.get() && !isTyping(event.target)) {
      chord = start;
      timer = setTimeout(forget, chordTime);
    }
  }

  target.addEventListener('keydown', onKey);
  return () => {
    forget();
    target.removeEventListener('keydown', onKey);
  };
}
