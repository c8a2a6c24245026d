import { useQuery, useQueryClient } from '@tanstack/react-query';
import { inboxesQuery, sessionQuery } from '@/api/directory';
import type { LedgerBalance } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT, Words, type MessageKey } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { DataTable } from '@/ui/DataTable';
import { Icon } from '@/ui/Icon';
import { Card, Page, Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import css from './LedgerPage.module.css';
import { balanceQuery, checkNow, ledgerKeys } from './queries';

type Gap = LedgerBalance['gaps'][number];

const stages: Record<string, MessageKey> = { dead: 'ledger.stage_dead', missing: 'ledger.stage_missing' };

/** The proof that no message was lost, in words and numbers. */
export function LedgerPage() {
  const t = useT();
  const queries = useQueryClient();
  const balance = useWaiting({ ...balanceQuery, refetchInterval: 10_000 });
  const check = useWrite(checkNow);
  const ask = () => check.mutate(undefined, { onSuccess: (fresh) => queries.setQueryData(ledgerKeys.balance, fresh) });
  const { data: session } = useQuery(sessionQuery);
  return (
    <Page title={t('settings.ledger')} column actions={<Button size="sm" icon="undo" busy={check.isPending} onClick={ask}>{t('ledger.check')}</Button>}>
      <Awaited of={balance} bones={<RowBones count={4} lead={false} />}>{(data) => <Balance data={data} />}</Awaited>
      {session && <p className={css.version}>{t('ledger.version', { version: session.version, url: session.public_url })}</p>}
    </Page>
  );
}

function Balance({ data }: { data: LedgerBalance }) {
  const t = useT();
  const now = useNow(5_000);
  const n = (name: string) => data.counts[name] ?? 0;
  return (
    <>
      <header className={css.head}>
        <span className={data.balanced ? css.good : css.bad}><Icon name={data.balanced ? 'checkCircle' : 'warn'} size={24} /></span>
        <div>
          <h2>{data.balanced ? t('ledger.balanced') : t('ledger.unbalanced', { count: data.gaps.length })}</h2>
          <p className="muted">
            {data.checked_at
              ? <Words id="ledger.checked" values={{ when: <time dateTime={data.checked_at} title={fullTime(data.checked_at)}>{relativeTime(data.checked_at, now)}</time> }} />
              : t('ledger.unchecked')}
          </p>
        </div>
      </header>
      <div className={css.sides}>
        <Card className={css.side}>
          <h3>{t('ledger.in')}</h3>
          <p className={css.figure}>{t('ledger.received', { count: n('received') })}</p>
          <dl className={css.sum}>
            <Sum label={t('ledger.threaded')} count={n('threaded')} />
            <Sum label={t('ledger.dropped')} help={t('ledger.dropped_help')} count={n('dropped')} />
            <Sum label={t('ledger.pending_in')} count={data.pending_in} />
            <Sum label={t('ledger.dead')} count={n('dead')} bad />
          </dl>
        </Card>
        <Card className={css.side}>
          <h3>{t('ledger.out')}</h3>
          <p className={css.figure}>{t('ledger.sent', { count: n('sent') })}</p>
          <dl className={css.sum}>
            <Sum label={t('ledger.delivered')} help={t('ledger.delivered_help')} count={n('delivered')} />
            <Sum label={t('ledger.pending_out')} count={data.pending_out} />
            <Sum label={t('ledger.in_doubt')} help={t('ledger.in_doubt_help')} count={data.in_doubt} />
            <Sum label={t('ledger.failed')} count={n('failed')} bad />
          </dl>
        </Card>
      </div>
      {data.gaps.length > 0 && <Gaps gaps={data.gaps} />}
    </>
  );
}

function Sum({ label, help, count, bad }: { label: string; help?: string; count: number; bad?: boolean }) {
  const t = useT();
  return (
    <div className={css.line}>
      <dt>{label}{help && <span className={css.help}>{help}</span>}</dt>
      <dd className={bad && count > 0 ? css.badText : undefined}>{t('ledger.number', { count })}</dd>
    </div>
  );
}

function Gaps({ gaps }: { gaps: Gap[] }) {
  const t = useT();
  const now = useNow();
  const { data: inboxes } = useQuery(inboxesQuery);
  return (
    <Section title={t('ledger.gaps')} help={t('ledger.gaps_text')}>
      <DataTable
        caption={t('ledger.gaps')} rows={gaps} rowKey={(gap) => `${gap.inbox_id}-${gap.ledger_id}-${gap.uid}`}
        columns={[
          { key: 'inbox', title: t('ledger.inbox'), cell: (gap) => <bdi>{inboxes?.find(({ id }) => id === gap.inbox_id)?.name ?? gap.inbox_id}</bdi> },
          { key: 'reason', title: t('ledger.reason'), cell: (gap) => gap.reason },
          { key: 'stage', title: t('ledger.stage'), cell: (gap) => (stages[gap.stage] ? t(stages[gap.stage]!) : gap.stage) },
          { key: 'since', title: t('ledger.since'), cell: (gap) => <time dateTime={gap.since} title={fullTime(gap.since)}>{relativeTime(gap.since, now)}</time> },
          { key: 'id', title: t('ledger.row'), numeric: true, cell: (gap) => String(gap.ledger_id ?? gap.uid ?? '') },
        ]}
      />
    </Section>
  );
}
