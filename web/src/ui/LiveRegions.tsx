import { announcements } from '@/lib/announce';
import { useStore } from '@/lib/store';

/** What announce() says, for people who listen to the page. Rendered by the shell, and by each modal layer: under one the page is silent. */
export function LiveRegions() {
  const list = useStore(announcements);
  const of = (wanted: string) => list.map(({ id, text, how }) => how === wanted && <p key={id}>{text}</p>);
  // Not atomic: what is new is read, not what was said before it.
  return (
    <>
      <div className="sr" role="status" aria-atomic="false">{of('polite')}</div>
      <div className="sr" role="alert" aria-atomic="false">{of('assertive')}</div>
    </>
  );
}
