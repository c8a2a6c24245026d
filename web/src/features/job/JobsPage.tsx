import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Job } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT, type MessageKey } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { setSearch, type PageProps } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/Toast';
import css from './JobsPage.module.css';
import { jobCountsQuery, jobKeys, jobsQuery, jobWrites, type JobState } from './queries';

const titles: Record<JobState, MessageKey> = { dead: 'jobs.dead', waiting: 'jobs.waiting', running: 'jobs.running' };
const texts: Record<JobState, MessageKey> = { dead: 'jobs.dead_text', waiting: 'jobs.waiting_text', running: 'jobs.running_text' };
const empty: Record<JobState, MessageKey> = { dead: 'jobs.none_dead', waiting: 'jobs.none_waiting', running: 'jobs.none_running' };

/** What the program does behind the scenes: what failed for good, what waits, what runs. */
export function JobsPage({ search }: PageProps<'/settings/jobs'>) {
  const t = useT();
  const state: JobState = search.state ?? 'dead';
  const { data: counts } = useQuery(jobCountsQuery);
  const list = useInfiniteQuery(jobsQuery(state));
  const [leaving, setLeaving] = useState<Job>();
  const discard = useWrite(jobWrites.discard, { renews: [jobKeys.all] });
  const retry = useWrite(jobWrites.retry, { renews: [jobKeys.all] });
  const again = (job: Job) => retry.mutate(job.id, { onSuccess: () => toast({ text: t('jobs.retried') }) });
  const jobs = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Page title={t('settings.jobs')} column>
      <div className={css.head}>
        <Segmented
          label={t('settings.jobs')} value={state}
          onChange={(next) => setSearch<'/settings/jobs'>({ state: next === 'dead' ? undefined : next })}
          options={(['dead', 'waiting', 'running'] as const).map((value) => ({ value, label: t(titles[value]), count: counts?.[value] ?? 0 }))}
        />
        <p className="muted">{t(texts[state])}</p>
      </div>
      <Awaited of={{ data: jobs, trouble: list.error ? { text: problemText(list.error), requestId: '' } : undefined, retry: () => void list.refetch() }} bones={<RowBones />}>
        {(all) => all.length === 0 ? <EmptyState title={t(empty[state])} /> : (
          <Rows label={t(titles[state])}>
            {all.map((job) => <JobRow key={job.id} job={job} state={state} onRetry={() => again(job)} onDiscard={() => setLeaving(job)} />)}
          </Rows>
        )}
      </Awaited>
      {list.hasNextPage && <div><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('ui.show_more')}</Button></div>}
      {leaving && (
        <Confirm
          title={t('jobs.discard_title')} text={t('jobs.discard_text')} label={t('jobs.discard')}
          onYes={() => discard.mutate(leaving.id)} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}

const kinds: Record<string, MessageKey> = {
  'email.ingest': 'jobs.kind_ingest', 'message.deliver': 'jobs.kind_deliver', 'email.append': 'jobs.kind_append', 'event.react': 'jobs.kind_react',
  'email.dkim': 'jobs.kind_dkim',
  'notice.send': 'jobs.kind_notice', 'agent.leave': 'jobs.kind_leave', 'password.forgotten': 'jobs.kind_forgotten',
};

interface RowProps {
  job: Job;
  state: JobState;
  onRetry: () => void;
  onDiscard: () => void;
}

function JobRow({ job, state, onRetry, onDiscard }: RowProps) {
  const t = useT();
  const now = useNow(state === 'dead' ? 60_000 : 5_000);
  const kind = kinds[job.kind];
  const when = state === 'waiting' ? job.run_at : job.created_at;
  return (
    <Row
      stacks lead={<Icon name={state === 'dead' ? 'stop' : state === 'waiting' ? 'clock' : 'bolt'} size={20} className={state === 'dead' ? css.dead : 'muted'} />}
      title={kind ? t(kind) : job.kind}
      detail={
        <>
          {job.summary && <div><bdi>{job.summary}</bdi></div>}
          {job.sentence && <div className={css.reason}>{job.sentence}</div>}
          {job.last_error && (
            <details className={css.details}>
              <summary>{t('error.details')}</summary>
              <code translate="no" lang="en" dir="ltr">{job.last_error}</code>
            </details>
          )}
          <time dateTime={when} title={fullTime(when)}>
            {t(state === 'waiting' ? 'jobs.when_waiting' : 'jobs.when', { count: job.attempts, when: relativeTime(when, now) })}
          </time>
        </>
      }
      end={state === 'dead' && (
        <>
          <Button size="sm" icon="undo" onClick={onRetry}>{t('jobs.retry')}</Button>
          <Button size="sm" variant="ghost" onClick={onDiscard}>{t('jobs.discard')}</Button>
        </>
      )}
    />
  );
}
