import { flushSync } from 'react-dom';
import type { RefObject } from 'react';
import type { OwnWords, Place } from './ownWords';

/** The own words of a plain field. It can show no marks; a place can be selected as long as nobody has written on. */
export function plainWords(box: RefObject<HTMLTextAreaElement | null>, onChange: (text: string) => void): OwnWords {
  let marked: { text: string; places: readonly Place[] } = { text: '', places: [] };
  const at = (place: number) => (box.current?.value === marked.text ? marked.places[place] : undefined);
  const put = (from: number, to: number, words: string) => {
    const field = box.current;
    if (!field) return;
    // The field shows it before the caret is set behind it.
    flushSync(() => onChange(field.value.slice(0, from) + words + field.value.slice(to)));
    field.focus();
    field.setSelectionRange(from + words.length, from + words.length);
  };
  return {
    read: () => box.current?.value ?? '',
    mark: (places) => {
      marked = { text: box.current?.value ?? '', places };
    },
    select: (place) => {
      const found = at(place);
      box.current?.focus();
      if (found) box.current?.setSelectionRange(found.start, found.end);
    },
    replace: (place, words) => {
      const found = at(place);
      if (found) put(found.start, found.end, words);
    },
    add: (words) => {
      const field = box.current;
      if (!field) return;
      put(field.selectionStart, field.selectionEnd, /\S$/.test(field.value.slice(0, field.selectionStart)) ? ` ${words}` : words);
    },
  };
}
