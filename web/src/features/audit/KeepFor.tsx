import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Answer } from '@/api/schema';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Select } from '@/ui/Field';
import { Section } from '@/ui/Page';
import { toast } from '@/ui/Toast';

type Security = Answer<'/settings/security'>;

const key = ['settings', 'security'] as const;
const securityQuery = queryOptions({ queryKey: key, queryFn: ({ signal }) => api.get<Security>('/settings/security', { signal }) });
const choices = [90, 180, 365, 730, 1825, 3650];

/** For how long the log is kept. */
export function KeepFor() {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const may = can(me, 'settings:manage');
  const { data: security } = useQuery({ ...securityQuery, enabled: may });
  const write = useWrite((audit_keep_days: number) => api.patch<Security>('/settings/security', { body: { audit_keep_days } }));
  if (!may || !security) return null;
  const days = security.audit_keep_days;
  const save = (next: number) => write.mutate(next, {
    onSuccess: (fresh) => {
      queries.setQueryData(key, fresh);
      toast({ text: t('ui.saved'), undo: () => save(days) });
    },
  });
  return (
    <Section title={t('audit.keep')} help={t('audit.keep_text')}>
      <Select
        label={t('audit.keep')} hideLabel value={String(days)} onChange={(next) => save(Number(next))}
        options={[...new Set([...choices, days])].sort((a, b) => a - b).map((count) => ({ value: String(count), label: t('audit.days', { count }) }))}
      />
    </Section>
  );
}
