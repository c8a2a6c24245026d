import { inboxesQuery } from '@/api/directory';
import { useQuery } from '@tanstack/react-query';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { RestingBell } from '@/ui/Mark';
import { Page, Section } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { HealthChip, HealthWords } from './HealthChip';
import { withArchivedQuery } from './queries';

const connect = () => void navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: 'new' } });

/** The inboxes with their health in words. */
export function InboxesPage() {
  const t = useT();
  const inboxes = useWaiting(inboxesQuery);
  const { data: all } = useQuery(withArchivedQuery);
  const archived = all?.filter(({ archived_at }) => archived_at) ?? [];
  return (
    <Page title={t('settings.inboxes')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={connect}>{t('inboxes.connect')}</Button>}>
      <Awaited of={inboxes} bones={<RowBones />}>
        {(list) => list.length === 0 ? (
          <EmptyState title={t('inboxes.none')} art={<RestingBell width={120} />} actions={<Button onClick={connect}>{t('inboxes.connect')}</Button>}>
            {t('inboxes.none_text')}
          </EmptyState>
        ) : (
          <Rows label={t('settings.inboxes')}>
            {list.map((inbox) => (
              <Row
                key={inbox.id} stacks lead={<Icon name="mail" size={20} className="muted" />} title={<bdi>{inbox.name}</bdi>}
                detail={<><bdi>{[inbox.address, ...inbox.aliases].join(', ')}</bdi><HealthWords id={inbox.id} /></>}
                end={<HealthChip id={inbox.id} />}
                onOpen={() => void navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: String(inbox.id) } })}
              />
            ))}
          </Rows>
        )}
      </Awaited>
      {archived.length > 0 && (
        <Section title={t('inboxes.archived')} help={t('inboxes.archived_text')}>
          <Rows label={t('inboxes.archived')}>
            {archived.map((inbox) => (
              <Row key={inbox.id} quiet lead={<Icon name="mail" size={20} className="faint" />} title={<bdi>{inbox.name}</bdi>} detail={<bdi>{inbox.address}</bdi>} />
            ))}
          </Rows>
        </Section>
      )}
    </Page>
  );
}
