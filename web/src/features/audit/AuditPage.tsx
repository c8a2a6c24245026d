import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery } from '@/api/directory';
import { problemText } from '@/api/words';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { setSearch, type PageProps } from '@/lib/router';
import { Avatar } from '@/ui/Avatar';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Select } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Page, Two } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import css from './AuditPage.module.css';
import { KeepFor } from './KeepFor';
import { auditQuery, type AuditRow } from './queries';
import { actionName, subjects, valueText } from './words';

/** What administrators did: who, when, from where, and how it was before. */
export function AuditPage({ search }: PageProps<'/settings/audit'>) {
  const t = useT();
  const { data: agents = [] } = useQuery(agentsQuery);
  const list = useInfiniteQuery(auditQuery(search));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Page title={t('settings.audit')} column>
      <p className="muted">{t('audit.text')}</p>
      <Two>
        <Select
          label={t('audit.about')} value={search.subject ?? ''} onChange={(subject) => setSearch<'/settings/audit'>({ subject: subject || undefined })}
          options={[{ value: '', label: t('audit.everything') }, ...Object.entries(subjects).map(([value, key]) => ({ value, label: t(key) }))]}
        />
        <Select
          label={t('audit.by')} value={search.agent ?? ''} onChange={(agent) => setSearch<'/settings/audit'>({ agent: agent || undefined })}
          options={[{ value: '', label: t('audit.everybody') }, ...agents.map(({ id, name }) => ({ value: String(id), label: name }))]}
        />
      </Two>
      <Awaited of={{ data: rows, trouble: list.error ? { text: problemText(list.error), requestId: '' } : undefined, retry: () => void list.refetch() }} bones={<RowBones count={6} />}>
        {(all) => all.length === 0 ? <EmptyState title={t('audit.none')} /> : (
          <Rows label={t('settings.audit')}>{all.map((row) => <Entry key={row.id} row={row} />)}</Rows>
        )}
      </Awaited>
      {list.hasNextPage && <div><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('ui.show_more')}</Button></div>}
      <KeepFor />
    </Page>
  );
}

function Entry({ row }: { row: AuditRow }) {
  const t = useT();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const fields = [...new Set([...Object.keys(row.before), ...Object.keys(row.after)])].sort();
  const who = row.actor.name || t('audit.deskbell');
  return (
    <Row
      stacks
      lead={row.actor.agent_id ? <Avatar name={row.actor.name} seed={row.actor.agent_id} size={28} kind="agent" /> : <Icon name="gear" size={20} className="muted" />}
      title={<>{actionName(row.action)}{row.subject.name && <>: <bdi>{row.subject.name}</bdi></>}</>}
      detail={
        <>
          <time dateTime={row.at} title={fullTime(row.at)}>
            {row.actor.type === 'key'
              ? t('audit.by_key', { who, ip: row.ip || '–', ago: relativeTime(row.at, now) })
              : t('audit.by_agent', { who, ip: row.ip || '–', ago: relativeTime(row.at, now) })}
          </time>
          {open && <Differences row={row} fields={fields} />}
        </>
      }
      end={fields.length > 0 && <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? t('audit.hide') : t('audit.show')}</Button>}
    />
  );
}

function Differences({ row, fields }: { row: AuditRow; fields: string[] }) {
  const t = useT();
  return (
    <table className={css.differences}>
      <thead><tr><th scope="col">{t('audit.field')}</th><th scope="col">{t('audit.before')}</th><th scope="col">{t('audit.after')}</th></tr></thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td><bdi>{valueText(row.before[field])}</bdi></td>
            <td><bdi>{valueText(row.after[field])}</bdi></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
