import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, meQuery } from '@/api/directory';
import { repliesQuery, replyKeys, type ReplyKind, type SavedReply } from '@/api/replies';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { momentLabel, relativeTime } from '@/lib/dates';
import { fold } from '@/lib/fold';
import { localeNames, useT, type Locale } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Confirm } from '@/ui/Confirm';
import { EmptyState } from '@/ui/EmptyState';
import { Input, Select } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/Toast';
import { sorted, sorts, worryOf, type Sort, type Worry } from './care';
import { missingQuery, replyWrites } from './queries';
import { ReplyDialog } from './ReplyDialog';
import type { Slots } from './slots';
import css from './Replies.module.css';

/** Saved replies and macros: what everybody uses, and one's own. */
export function RepliesPage(slots: Slots) {
  const t = useT();
  const now = useNow();
  const { data: me } = useQuery(meQuery);
  const [kind, setKind] = useState<ReplyKind>('saved-replies');
  const [query, setQuery] = useState('');
  const [sort, setSort] = useState<Sort>('name');
  const [worried, setWorried] = useState(false);
  const [open, setOpen] = useState<SavedReply | 'new'>();
  const [leaving, setLeaving] = useState<SavedReply>();
  const list = useWaiting(repliesQuery(kind));
  const renews = [replyKeys.all];
  const remove = useWrite(replyWrites.remove, { renews });
  const starter = useWrite(replyWrites.starter, { renews });
  const fresh = t(kind === 'macros' ? 'replies.new_macro' : 'replies.new');
  const mayShare = can(me, 'replies:manage');
  const { data: missing } = useQuery({ ...missingQuery, enabled: mayShare });
  const addStarter = () => starter.mutate(undefined, { onSuccess: ({ added }) => toast({ text: t('replies.starter_added', { count: added }) }) });

  return (
    <Page
      title={t('settings.replies')} column
      actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{fresh}</Button>}
    >
      <div className={css.head}>
        <Segmented
          label={t('settings.replies')} value={kind} onChange={setKind}
          options={[{ value: 'saved-replies', label: t('replies.tab_replies'), icon: 'chat' }, { value: 'macros', label: t('replies.tab_macros'), icon: 'bolt' }]}
        />
        <Select label={t('replies.sort')} hideLabel value={sort} onChange={setSort} options={sorts.map((value) => ({ value, label: t(`replies.sort_${value}`) }))} />
        <Input label={t('replies.search')} hideLabel icon="search" placeholder={t('replies.search')} value={query} onChange={(event) => setQuery(event.target.value)} />
      </div>
      <p className="muted">{t(kind === 'macros' ? 'replies.macros_text' : 'replies.text')}</p>
      <Awaited of={list} bones={<RowBones count={5} lead={false} />}>
        {(all) => {
          const worries = all.filter((one) => worryOf(one, now)).length;
          const shown = find(worried && worries ? all.filter((one) => worryOf(one, now)) : all, query);
          if (!all.length) {
            return (
              <EmptyState
                title={t(kind === 'macros' ? 'replies.none_macros' : 'replies.none')}
                actions={<>
                  <Button onClick={() => setOpen('new')}>{fresh}</Button>
                  {mayShare && kind === 'saved-replies' && missing !== 0 && <Button variant="ghost" busy={starter.isPending} onClick={addStarter}>{t('replies.starter')}</Button>}
                </>}
              >
                {t(kind === 'macros' ? 'replies.none_macros_text' : 'replies.none_text')}
              </EmptyState>
            );
          }
          return (
            <>
              {worries > 0 && (
                <div className={css.care}>
                  <Banner tone="warn" actions={<Button size="sm" variant="ghost" onClick={() => setWorried(!worried)}>{t(worried ? 'replies.care_all' : 'replies.care_show')}</Button>}>
                    {t('replies.care', { count: worries })}
                  </Banner>
                </div>
              )}
              {!shown.length && <p className="muted" role="status">{t('ui.nothing_found')}</p>}
              {groups(shown, sort).map(([folder, some]) => (
                <section key={folder} className={css.group}>
                  {folder && <h2 className={css.folder}><bdi>{folder}</bdi></h2>}
                  <Rows label={folder || t('settings.replies')}>
                    {some.map((reply) => <ReplyRow key={reply.id} kind={kind} reply={reply} inFolder={sort === 'name'} onOpen={() => setOpen(reply)} onRemove={() => setLeaving(reply)} />)}
                  </Rows>
                </section>
              ))}
            </>
          );
        }}
      </Awaited>
      {kind === 'saved-replies' && Boolean(list.data?.length && missing) && (
        <p><Button variant="ghost" size="sm" busy={starter.isPending} onClick={addStarter}>{t('replies.starter_more', { count: missing ?? 0 })}</Button></p>
      )}
      {open && <ReplyDialog {...slots} kind={kind} reply={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      {leaving && (
        <Confirm
          title={t('replies.delete_title', { name: leaving.name })} text={t('replies.delete_text')} label={t('ui.delete')}
          onYes={() => remove.mutate({ kind, id: leaving.id })} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}

const worryTones: Record<Worry, 'bad' | 'warn'> = { expired: 'bad', expires: 'warn', review: 'warn', owner: 'warn' };

function ReplyRow({ kind, reply, inFolder, onOpen, onRemove }: { kind: ReplyKind; reply: SavedReply; inFolder: boolean; onOpen: () => void; onRemove: () => void }) {
  const t = useT();
  const now = useNow();
  const worry = worryOf(reply, now);
  const facts = [
    !inFolder && reply.folder, t('replies.uses', { count: reply.uses }), reply.owner_name,
    reply.reviewed_at && t('replies.reviewed', { time: relativeTime(reply.reviewed_at, now) }),
    reply.expires_at && !reply.expired && t('replies.expires_at', { time: momentLabel(reply.expires_at, now) }),
  ].filter(Boolean);
  return (
    <Row
      lead={<Icon name={kind === 'macros' ? 'bolt' : 'chat'} />} title={<bdi>{reply.name}</bdi>} detail={facts.join(' · ')} onOpen={onOpen} stacks
      end={<>
        {worry && <Chip tone={worryTones[worry]} icon="warn">{t(`replies.worry_${worry}`)}</Chip>}
        {reply.attachments.some((file) => !file.inline) && <Icon name="clip" size={14} />}
        {Object.keys(reply.texts).length > 1 && Object.keys(reply.texts).map((locale) => <Chip key={locale} tone="fill"><span title={localeNames[locale as Locale]}>{locale}</span></Chip>)}
        {!reply.shared && <Chip tone="accent">{t('replies.own')}</Chip>}
        {reply.may_edit && <IconButton icon="trash" label={t('replies.delete_of', { name: reply.name })} onClick={onRemove} />}
      </>}
    />
  );
}

function find(all: readonly SavedReply[], query: string): SavedReply[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return all.filter((one) => {
    const text = fold(`${one.name} ${one.folder} ${Object.values(one.texts).join(' ')}`);
    return words.every((word) => text.includes(word));
  });
}

// Folders hold by name; any other order is one list.
function groups(all: readonly SavedReply[], sort: Sort): [string, SavedReply[]][] {
  const found = new Map<string, SavedReply[]>();
  if (sort !== 'name') return all.length ? [['', sorted(all, sort)]] : [];
  for (const one of sorted(all, sort)) found.set(one.folder, [...(found.get(one.folder) ?? []), one]);
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}
