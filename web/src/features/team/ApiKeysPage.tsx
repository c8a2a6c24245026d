import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery } from '@/api/directory';
import type { ApiKey } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Confirm } from '@/ui/Confirm';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { KeyDialog } from './KeyDialog';
import { apiKeysQuery, keys, teamKeys } from './queries';

export function ApiKeysPage() {
  const t = useT();
  const list = useWaiting(apiKeysQuery);
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<ApiKey>();
  const revoke = useWrite(keys.revoke, { renews: [teamKeys.apiKeys] });
  return (
    <Page title={t('settings.api_keys')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setMaking(true)}>{t('keys.new')}</Button>}>
      <p className="muted">{t('keys.text')} <a href="/api/docs" target="_blank" rel="noreferrer">{t('keys.docs')}</a></p>
      <Awaited of={list} bones={<RowBones />}>
        {(all) => all.length === 0 ? (
          <EmptyState title={t('keys.none')} actions={<Button onClick={() => setMaking(true)}>{t('keys.new')}</Button>}>{t('keys.none_text')}</EmptyState>
        ) : (
          <Rows label={t('settings.api_keys')}>
            {all.map((key) => <KeyRow key={key.id} item={key} onRevoke={() => setLeaving(key)} />)}
          </Rows>
        )}
      </Awaited>
      {making && <KeyDialog onClose={() => setMaking(false)} />}
      {leaving && (
        <Confirm
          title={t('keys.revoke_title', { name: leaving.name })} text={t('keys.revoke_text')} label={t('keys.revoke')}
          onYes={() => revoke.mutate(leaving.id)} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}

function KeyRow({ item, onRevoke }: { item: ApiKey; onRevoke: () => void }) {
  const t = useT();
  const now = useNow();
  const { data: agents } = useQuery(agentsQuery);
  const owner = agents?.find(({ id }) => id === item.agent_id)?.name ?? '';
  const expired = item.expires_at !== null && new Date(item.expires_at).getTime() < now;
  const used = item.last_used_at ? t('keys.used', { ago: relativeTime(item.last_used_at, now) }) : t('keys.unused');
  return (
    <Row
      stacks lead={<Icon name="lock" size={20} className="muted" />} quiet={expired}
      title={<bdi>{item.name}</bdi>}
      detail={<>{t('keys.detail', { prefix: `${item.prefix}…`, owner })} · {used}</>}
      end={
        <>
          {expired && <Chip tone="bad">{t('keys.expired')}</Chip>}
          {!expired && item.expires_at && <Chip icon="clock">{relativeTime(item.expires_at, now)}</Chip>}
          <Chip tone="fill">{item.scopes.length ? t('keys.scopes', { count: item.scopes.length }) : t('keys.everything')}</Chip>
          <Button size="sm" onClick={onRevoke}>{t('keys.revoke')}</Button>
        </>
      }
    />
  );
}
