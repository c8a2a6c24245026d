import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { ListedSender } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Page, Section } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { listedQuery, senderKeys, senderWrites, spamSettingsQuery, type ListKind } from './queries';
import css from './Sender.module.css';

/** Whose mail is spam, whose never is, and how long spam is kept. */
export function SpamPage() {
  const t = useT();
  const settings = useWaiting(spamSettingsQuery);
  return (
    <Page title={t('settings.spam')} column>
      <div className={css.page}>
        <p className="muted">{t('spam.text')} <Link to="/inbox/$view" params={{ view: 'spam' }}>{t('spam.open')}</Link></p>
        <Awaited of={settings} bones={<RowBones count={1} lead={false} />}>{(now) => <Keep key={`${now.keep_days} ${now.trash_keep_days}`} days={now} />}</Awaited>
        <SenderList kind="block" />
        <SenderList kind="allow" />
      </div>
    </Page>
  );
}

function Keep({ days }: { days: { keep_days: number; trash_keep_days: number } }) {
  const t = useT();
  const save = useWrite(senderWrites.keep, { renews: [senderKeys.settings], handled: true });
  const wrong = (text: string) => (/^\d{1,4}$/.test(text.trim()) && Number(text) <= 3650 ? undefined : t('spam.keep_wrong'));
  const form = useForm({ keep_days: String(days.keep_days), trash_keep_days: String(days.trash_keep_days) }, {
    check: ({ keep_days, trash_keep_days }) => ({ keep_days: wrong(keep_days), trash_keep_days: wrong(trash_keep_days) }),
    save: async ({ keep_days, trash_keep_days }) => {
      await save.mutateAsync({ keep_days: Number(keep_days), trash_keep_days: Number(trash_keep_days) });
      toast({ text: t('ui.saved'), undo: () => save.mutate({ keep_days: days.keep_days, trash_keep_days: days.trash_keep_days }) });
    },
  });
  return (
    <Section title={t('spam.keep_title')} help={t('spam.keep_text')}>
      <form className={css.inline} {...form.props}>
        <Input label={t('spam.keep')} inputMode="numeric" autoComplete="off" className={css.days} {...form.text('keep_days')} />
        <Input label={t('spam.keep_trash')} inputMode="numeric" autoComplete="off" className={css.days} {...form.text('trash_keep_days')} />
        <Button variant="primary" busy={form.busy} disabled={!form.dirty} onClick={() => void form.submit()}>{t('ui.save')}</Button>
      </form>
      {form.fault && <Banner tone="bad">{form.fault}</Banner>}
    </Section>
  );
}

function SenderList({ kind }: { kind: ListKind }) {
  const t = useT();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(listedQuery(kind));
  const add = useWrite(senderWrites.add, { renews: [senderKeys.lists], handled: true });
  const remove = useWrite(senderWrites.remove, { renews: [senderKeys.lists] });
  const [text, setText] = useState('');
  const items = data?.pages.flatMap((page) => page.items);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add.mutate({ kind, pattern: text.trim() }, { onSuccess: () => setText('') });
  };
  const drop = (one: ListedSender) => remove.mutate(one.id, {
    onSuccess: () => toast({ text: t('spam.removed', { pattern: one.pattern }), undo: () => add.mutate({ kind, pattern: one.pattern }) }),
  });
  return (
    <Section title={t(`spam.${kind}`)} help={t(`spam.${kind}_text`)}>
      <form className={css.inline} onSubmit={submit}>
        <Input
          label={t('spam.pattern')} placeholder={t('spam.placeholder')} autoComplete="off" spellCheck={false} value={text}
          onChange={(event) => setText(event.target.value)} error={add.error ? problemText(add.error) : undefined}
        />
        <Button busy={add.isPending} disabled={!text.trim()} type="submit">{t('spam.add')}</Button>
      </form>
      {error && <Banner tone="bad">{problemText(error)}</Banner>}
      {!items && !error && <RowBones count={2} lead={false} />}
      {items?.length === 0 && <p className="faint">{t(`spam.${kind}_none`)}</p>}
      {items && items.length > 0 && (
        <Rows label={t(`spam.${kind}`)}>
          {items.map((one) => (
            <Row
              key={one.id} lead={<Icon name={one.pattern.startsWith('@') ? 'globe' : 'mail'} className="muted" />} title={<bdi>{one.pattern}</bdi>} detail={fullTime(one.created_at)}
              end={<IconButton icon="x" label={t('spam.remove', { pattern: one.pattern })} onClick={() => drop(one)} />}
            />
          ))}
        </Rows>
      )}
      {hasNextPage && <Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('spam.more')}</Button>}
    </Section>
  );
}
