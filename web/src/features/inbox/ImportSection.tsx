import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Inbox } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { Section, Two } from '@/ui/Page';
import { Row, Rows } from '@/ui/Rows';
import css from './Inbox.module.css';
import { foldersQuery, importsQuery, inboxKeys, inboxWrites, type MailImport } from './queries';

const day = (at: Date) => at.toISOString().slice(0, 10);

/** Old mail: counted first, then brought in closed and read. */
export function ImportSection({ inbox }: { inbox: Inbox }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const { data: imports = [] } = useQuery(importsQuery(inbox.id));
  return (
    <Section title={t('inboxes.import')} help={t('inboxes.import_text')} aside={<Button size="sm" icon="plus" onClick={() => setAsking(true)}>{t('inboxes.import_new')}</Button>}>
      {imports.length > 0 && <Rows label={t('inboxes.import')}>{imports.map((one) => <ImportRow key={one.id} one={one} />)}</Rows>}
      {asking && <ImportDialog inbox={inbox} onClose={() => setAsking(false)} />}
    </Section>
  );
}

const tones: Record<MailImport['state'], 'fill' | 'ok' | 'warn' | 'bad' | 'info'> = {
  counting: 'info', ready: 'warn', running: 'info', paused: 'fill', done: 'ok', cancelled: 'fill', failed: 'bad',
};

function ImportRow({ one }: { one: MailImport }) {
  const t = useT();
  const set = useWrite(inboxWrites.setImport, { renews: [inboxKeys.imports(one.inbox_id)] });
  const go = (to: 'start' | 'pause' | 'cancel') => set.mutate({ id: one.id, to });
  const { state } = one;
  const found = t('inboxes.import_found', { count: one.total, size: fileSize(one.total_bytes) });
  const came = t('inboxes.import_came', { kept: one.kept, known: one.known });
  return (
    <Row
      stacks title={<><bdi>{one.folder}</bdi> · {fullTime(one.since)} – {fullTime(one.until)}</>}
      detail={
        <>
          {state !== 'counting' && <span>{found} {(one.seen > 0 || state === 'done') && came} {one.missed > 0 && t('inboxes.import_missed', { count: one.missed })}</span>}
          {(state === 'running' || state === 'paused') && one.total > 0 && (
            <div className={css.bar} role="progressbar" aria-valuemin={0} aria-valuemax={one.total} aria-valuenow={one.seen} aria-label={t('inboxes.import')}>
              <i style={{ width: `${(100 * one.seen) / one.total}%` }} />
            </div>
          )}
          {one.last_error && <p className={css.error}>{one.last_error}</p>}
        </>
      }
      end={
        <>
          <Chip tone={tones[state]}>{t(`inboxes.import_${state}`)}</Chip>
          {state === 'ready' && one.total > 0 && <Button size="sm" variant="primary" busy={set.isPending} onClick={() => go('start')}>{t('inboxes.import_start')}</Button>}
          {(state === 'paused' || state === 'failed') && <Button size="sm" busy={set.isPending} onClick={() => go('start')}>{t('inboxes.import_go_on')}</Button>}
          {state === 'running' && <Button size="sm" busy={set.isPending} onClick={() => go('pause')}>{t('inboxes.import_pause')}</Button>}
          {state !== 'done' && state !== 'cancelled' && <Button size="sm" variant="ghost" busy={set.isPending} onClick={() => go('cancel')}>{t('ui.cancel')}</Button>}
        </>
      }
    />
  );
}

function ImportDialog({ inbox, onClose }: { inbox: Inbox; onClose: () => void }) {
  const t = useT();
  const folders = useQuery(foldersQuery(inbox.id));
  const begin = useWrite(inboxWrites.beginImport, { renews: [inboxKeys.imports(inbox.id)], handled: true });
  const [today] = useState(() => new Date());
  const start = { folder: inbox.imap?.folders[0] ?? '', since: day(new Date(today.getTime() - 365 * 24 * 60 * 60_000)), until: day(today) };
  const form = useForm(start, {
    check: ({ folder, since, until }) => ({
      folder: folder ? undefined : t('ui.required'), since: since ? undefined : t('ui.required'), until: until && until >= since ? undefined : t('inboxes.import_dates'),
    }),
    save: async ({ folder, since, until }) => {
      const end = new Date(`${until}T00:00:00`);
      end.setDate(end.getDate() + 1);
      await begin.mutateAsync({ id: inbox.id, folder, since: new Date(`${since}T00:00:00`).toISOString(), until: end.toISOString(), dry_run: true });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('inboxes.import_new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('inboxes.import_count')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        {folders.data ? (
          <Select label={t('inboxes.import_folder')} {...form.choice('folder')} options={folders.data.map(({ name }) => ({ value: name, label: name }))} />
        ) : (
          <Input label={t('inboxes.import_folder')} help={folders.error ? problemText(folders.error) : undefined} autoComplete="off" {...form.text('folder')} />
        )}
        <Two>
          <Input label={t('inboxes.import_since')} type="date" {...form.text('since')} />
          <Input label={t('inboxes.import_until')} type="date" {...form.text('until')} />
        </Two>
        <p className="muted">{t('inboxes.import_promise')}</p>
      </form>
    </Dialog>
  );
}
