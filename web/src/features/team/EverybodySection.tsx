import { useQuery, useQueryClient } from '@tanstack/react-query';
import { directoryKeys, meQuery } from '@/api/directory';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Section } from '@/ui/Page';
import { Switch } from '@/ui/Toggle';
import { people, securityQuery, teamKeys } from './queries';

/** What an owner decides for everybody who signs in. */
export function EverybodySection() {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const isOwner = me?.role.key === 'owner';
  const { data: security } = useQuery({ ...securityQuery, enabled: isOwner });
  const write = useWrite(people.security, { renews: [teamKeys.secondStep, directoryKeys.me], handled: true });
  if (!isOwner || !security) return null;
  return (
    <Section title={t('people.everybody')}>
      {write.error && <Banner tone="bad">{problemText(write.error)}</Banner>}
      <Switch
        checked={security.second_step_required} help={t('people.require_text')} disabled={write.isPending}
        onChange={(second_step_required) => write.mutate({ second_step_required }, { onSuccess: (fresh) => queries.setQueryData(teamKeys.security, fresh) })}
      >
        {t('people.require')}
      </Switch>
    </Section>
  );
}
