import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { api } from '@/api/client';
import { conversationLink, findCached, patchCached, type Change, type ListFilter } from '@/api/conversations';
import { customFieldsQuery } from '@/api/customFields';
import { agentsQuery, can, directoryKeys, meQuery, tagsQuery } from '@/api/directory';
import type { ConversationItem, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { useCommand } from '@/lib/commands';
import { momentLabel } from '@/lib/dates';
import { loadSettingsWords, useT, withWords, type Translate } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { toast } from '@/ui/Toast';
import { change, each, undoChange, type Names } from './actions';
import { keepUnread } from './readState';
import type { Many } from './many';
import type { PickerKind } from './Pickers';

const loadPickers = () => withWords(import('./Pickers').then((module) => module.Pickers));
const Pickers = lazyPart(loadPickers);
const BulkReply = lazyPart(async () => (await Promise.all([import('./BulkReply'), loadSettingsWords()]))[0].BulkReply);
const PrintDialog = lazyPart(async () => (await Promise.all([import('./PrintDialog'), loadSettingsWords()]))[0].PrintDialog);
const HoldDialog = lazyPart(async () => (await Promise.all([import('./HoldDialog'), loadSettingsWords()]))[0].HoldDialog);
const BulkField = lazyPart(async () => (await Promise.all([import('./BulkField'), loadSettingsWords()]))[0].BulkField);
const MergeDialog = lazyPart(async () => (await Promise.all([import('./MergeDialog'), loadSettingsWords()]))[0].MergeDialog);

interface Props {
  /** What the keys act on now: everything ticked, else the conversation of the keys. */
  targets: () => ConversationItem[];
  /** Something is there to act on. */
  enabled: boolean;
  /** Several are ticked: nothing opens or closes by itself. */
  bulk: boolean;
  /** Everything in a list is meant, also what is not loaded. */
  filter: () => ListFilter | undefined;
  onNext: (from: Id) => void;
  onBack: (to: Id) => void;
  onProgress: (done: number, total: number) => void;
  /** unseen are those that failed and are not in the list yet. */
  onDone: (failed: ReadonlyMap<Id, string>, unseen?: readonly ConversationItem[]) => void;
  /** One was closed by its key. */
  onClosed: (id: Id) => void;
}

/** Every action on conversations, by key, palette and button alike. Each shows at once and can be taken back. */
export function ConversationCommands({ targets, enabled, bulk, filter, onNext, onBack, onProgress, onDone, onClosed }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const names = useNames();
  const [picker, setPicker] = useState<{ kind: PickerKind; items: ConversationItem[] }>();
  // Here before they are asked for: what is typed right behind the key is meant for them.
  useEffect(() => {
    const timer = setTimeout(() => void loadPickers().catch(() => undefined), 1000);
    return () => clearTimeout(timer);
  }, []);
  const [merging, setMerging] = useState<ConversationItem[]>();
  const [printing, setPrinting] = useState<ConversationItem>();
  const [holding, setHolding] = useState<Id>();
  const [answering, setAnswering] = useState<ConversationItem[]>();
  const [filling, setFilling] = useState<ConversationItem[]>();
  const { data: fields } = useQuery({ ...customFieldsQuery('conversation'), enabled });
  const mayChange = enabled && can(me, 'conversations:update');

  async function act(asked: ConversationItem[], what: (item: ConversationItem) => Change, text: string, leave = false) {
    if (!asked.length) return;
    // As they are now: a picker may have been open for a while.
    const items = asked.map((item) => findCached(queries, item.id) ?? item);
    const every = filter();
    if (items.length > 1 || every) return void actOnMany({ items, filter: every, change: what(items[0]!) }, text);
    const run = change(queries, items, what, names);
    if (leave) onNext(items[0]!.id);
    const undo = () => {
      void run.then(async (failed) => {
        const back = await undoChange(queries, items.filter((item) => !failed.has(item.id)), what);
        for (const reason of new Set(back.values())) toast({ text: reason, tone: 'bad' });
        void queries.invalidateQueries({ queryKey: directoryKeys.counts });
      });
      if (leave) onBack(items[0]!.id);
    };
    const untell = toast({ text, undo });
    const failed = await run;
    void queries.invalidateQueries({ queryKey: directoryKeys.counts });
    for (const reason of failed.values()) {
      untell();
      if (leave) onBack(items[0]!.id);
      toast({ text: reason, tone: 'bad', action: { label: t('error.retry'), run: () => void act(items, what, text) } });
    }
  }

  // One request for all of them; each has a result, and all are taken back together.
  async function actOnMany(many: Many, text: string) {
    try {
      const { changeMany, undoMany } = await import('./many');
      const { run, failed, unseen } = await changeMany(queries, many, names, onProgress);
      if (bulk) onDone(failed, unseen);
      else for (const reason of new Set(failed.values())) toast({ text: reason, tone: 'bad' });
      if (!run.done) return;
      toast({
        text: t('action.many', { done: text, count: run.done }),
        undo: () => void undoMany(queries, run, { ...many, items: many.items.filter((item) => !failed.has(item.id)) }).then(
          (reasons) => reasons.forEach((reason) => toast({ text: reason, tone: 'bad' })), say),
      });
    } catch (error) {
      say(error);
    }
  }

  const say = (error: unknown) => toast({ text: problemText(error), tone: 'bad' });

  async function mark(items: ConversationItem[], read: boolean) {
    for (const item of items) {
      keepUnread(item.id, !read);
      patchCached(queries, item.id, { unread: !read });
    }
    const failed = await each(items, (item) => api.post(`/conversations/${item.id}/${read ? 'read' : 'unread'}`, { body: {} }));
    if (items.length > 1) onDone(failed);
    for (const reason of new Set(failed.values())) toast({ text: reason, tone: 'bad' });
    if (!failed.size) toast({ text: t(read ? 'action.read' : 'action.unread') });
  }

  // Puts the customers' addresses on a list and the conversations where they belong.
  function listSenders(kind: 'block' | 'allow', to: 'spam' | 'open') {
    const items = targets();
    const leave = bulk ? undefined : { next: onNext, back: onBack };
    void import('./senders').then((module) => module.listSenders(queries, items, kind, to, names, { leave, done: bulk ? onDone : undefined }), say);
  }

  const status = (to: 'closed' | 'open' | 'pending' | 'spam' | 'trash', leave: boolean) => () => {
    const items = targets();
    void act(items, () => ({ status: to }), t(`action.${to}`), leave && !bulk).then(() => to === 'closed' && items.length === 1 && onClosed(items[0]!.id));
  };
  const pick = (kind: PickerKind) => () => {
    const items = targets();
    if (items.length) setPicker({ kind, items });
  };

  useCommand('conversation.close_next', status('closed', true), mayChange);
  useCommand('conversation.close', status('closed', false), mayChange);
  useCommand('conversation.reopen', status('open', false), mayChange);
  useCommand('conversation.wait', status('pending', true), mayChange);
  useCommand('conversation.wait_until', pick('wait'), mayChange);
  useCommand('conversation.snooze_again', () => {
    const items = targets();
    const again = asleepBefore(items[0]);
    if (!again) return toast({ text: t('action.no_snooze') });
    void act(items, () => ({ status: again.status, snoozed_until: again.until }), away(t, again.until, again.status === 'pending'), true);
  }, mayChange && !bulk);
  useCommand('conversation.fields', () => setFilling(targets()), mayChange && Boolean(fields?.some((field) => !field.archived)));
  useCommand('conversation.spam', status('spam', true), mayChange);
  useCommand('conversation.trash', status('trash', true), mayChange);
  useCommand('conversation.block', () => listSenders('block', 'spam'), mayChange);
  useCommand('conversation.not_spam', () => listSenders('allow', 'open'), mayChange);
  useCommand('conversation.assign_me', () => {
    if (me) void act(targets(), () => ({ assignee_id: me.id }), t('action.assigned', { name: me.name }));
  }, mayChange);
  useCommand('conversation.assign', pick('assign'), mayChange);
  useCommand('conversation.snooze', pick('snooze'), mayChange);
  useCommand('conversation.tag', pick('tag'), mayChange);
  useCommand('conversation.priority', pick('priority'), mayChange);
  useCommand('conversation.move', pick('team'), mayChange);
  useCommand('conversation.merge', () => {
    const items = targets();
    if (items.length) setMerging(items);
  }, enabled && can(me, 'conversations:merge'));
  useCommand('conversation.reply', () => setAnswering(targets()), bulk && can(me, 'conversations:reply'));
  useCommand('conversation.unread', () => void mark(targets(), false), enabled);
  useCommand('conversation.mark_read', () => void mark(targets(), true), enabled);
  useCommand('conversation.copy_link', () => {
    const text = targets().map((item) => conversationLink(item.id)).join('\n');
    navigator.clipboard.writeText(text).then(() => toast({ text: t('action.copied') }), () => toast({ text, duration: 15_000 }));
  }, enabled);

  useCommand('conversation.print', () => setPrinting(targets()[0]), enabled && !bulk);
  useCommand('conversation.hold', () => setHolding(targets()[0]?.id), enabled && !bulk && can(me, 'holds:manage'));

  if (holding) return <Suspense><HoldDialog id={holding} onClose={() => setHolding(undefined)} /></Suspense>;
  if (printing) return <Suspense><PrintDialog item={printing} onClose={() => setPrinting(undefined)} /></Suspense>;
  if (merging) {
    return (
      <Suspense>
        <MergeDialog
          items={merging} onClose={() => setMerging(undefined)} onUndone={onBack}
          onMerged={(survivor) => {
            onDone(new Map());
            onBack(survivor);
          }}
        />
      </Suspense>
    );
  }
  if (answering) {
    return (
      <Suspense>
        <BulkReply
          items={answering} everything={filter() !== undefined} onClose={() => setAnswering(undefined)}
          onSend={(reply, to) => void actOnMany({ items: answering, filter: filter(), reply, change: to }, t('bulk.replied'))}
        />
      </Suspense>
    );
  }
  if (filling && fields) {
    return (
      <Suspense>
        <BulkField
          items={filling} fields={fields} everything={filter() !== undefined} onClose={() => setFilling(undefined)}
          onChange={(field, value) => void actOnMany({ items: filling, filter: filter(), change: { custom_fields: { [field.key]: value } } }, t('action.fields', { field: field.label }))}
        />
      </Suspense>
    );
  }
  if (!picker) return null;
  const close = () => setPicker(undefined);
  return (
    <Suspense>
      <Pickers
        kind={picker.kind} items={picker.items} onClose={close}
        onAssign={(id) => void act(picker.items, () => ({ assignee_id: id }), id === null ? t('action.unassigned') : t('action.assigned', { name: names.agent(id) }))}
        onTeam={(id, name) => void act(picker.items, () => ({ team_id: id }), id === null ? t('action.no_team') : t('action.moved', { name }))}
        onInbox={(id, name) => void act(picker.items, () => ({ inbox_id: id }), t('action.moved', { name }))}
        onPriority={(priority) => void act(picker.items, () => ({ priority }), t('action.priority', { name: t(`priority.${priority}`) }))}
        onTag={(name, on) => void act(picker.items, () => (on ? { add_tags: [name] } : { remove_tags: [name] }), t(on ? 'action.tagged' : 'action.untagged', { name }))}
        onWait={() => void act(picker.items, () => ({ status: 'pending' }), t('action.pending'), !bulk)}
        onSnooze={(at, unanswered) => void act(
          picker.items, () => ({ status: unanswered ? 'pending' : 'snoozed', snoozed_until: at.toISOString() }),
          away(t, at, unanswered), !bulk,
        )}
      />
    </Suspense>
  );
}

function away(t: Translate, until: Date | string, unanswered: boolean): string {
  return t(unanswered ? 'action.unanswered' : 'action.snoozed', { time: momentLabel(until, Date.now()) });
}

// How a mere thanks found it, unless that moment has passed.
function asleepBefore(item: ConversationItem | undefined) {
  const again = item?.snooze_again;
  return again && Date.parse(again.until) > Date.now() ? again : undefined;
}

function useNames(): Names {
  const { data: agents } = useQuery(agentsQuery);
  const { data: tags } = useQuery(tagsQuery);
  return {
    agent: (id) => agents?.find((agent) => agent.id === id)?.name ?? '',
    tag: (name) => tags?.find((tag) => tag.name === name) ?? { id: -1, name, color: 'grey' },
  };
}
