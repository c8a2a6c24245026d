import { fold } from '@/lib/fold';
import css from './Palette.module.css';

/** Text with the first typed word underlined where folding did not change its length. */
export function Marked({ text, query }: { text: string; query: string }) {
  const word = fold(query.trim().split(/\s+/)[0] ?? '');
  const folded = fold(text);
  const at = word && folded.length === text.length ? folded.indexOf(word) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className={css.mark}>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  );
}
