import { announcements } from '@/lib/announce';
import { useStore } from '@/lib/store';

/** What announce() says, for people who listen to the page. Rendered once, by the shell. */
export function LiveRegions() {
  const { polite, assertive, turn } = useStore(announcements);
  // A trailing blank makes a repeated sentence a change, which is what readers wait for.
  const blank = turn % 2 ? ' ' : '';
  return (
    <>
      <div className="sr" role="status" aria-live="polite">{polite + blank}</div>
      <div className="sr" role="alert" aria-live="assertive">{assertive + blank}</div>
    </>
  );
}
