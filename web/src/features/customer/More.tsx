import { useEffect, useRef } from 'react';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';

/** Fetches the next page when it comes near, and by the button for whoever does not scroll. */
export function More({ list }: { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const t = useT();
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || !end.current) return;
    const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void fetchNextPage(), { rootMargin: '400px' });
    near.observe(end.current);
    return () => near.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return <div ref={end}><Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('list.more')}</Button></div>;
}
