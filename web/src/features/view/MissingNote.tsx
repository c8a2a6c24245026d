import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer } from '@/api/schema';
import type { Id } from '@/api/types';
import { viewKeys } from '@/api/views';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';

/** Says that a saved view speaks of something that is there no more, such as a deleted tag. */
export function MissingNote({ id }: { id: Id }) {
  const t = useT();
  const { data } = useQuery({ queryKey: [...viewKeys.all, id], queryFn: ({ signal }) => api.get<Answer<'/views/{id}'>>(`/views/${id}`, { signal }), staleTime: 60_000 });
  return data?.missing.length ? <Banner tone="warn">{t('view.missing')}</Banner> : null;
}
