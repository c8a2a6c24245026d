import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/api/client';
import { patchCached } from '@/api/conversations';
import { isProblem } from '@/api/problem';
import type { Draft, Id } from '@/api/types';
import { t } from '@/lib/i18n';
import { dropLocally, keepLocally, readLocally } from '@/lib/localStore';
import { useStore } from '@/lib/store';
import { toast } from '@/ui/Toast';
import { contentOf, DraftKeeper, isEmpty, rowOf, type Content, type DraftPlaces, type LocalDraft } from './draft';

// What stood in the composer of each conversation when it was left: it is back at once, before anything is read.
const left = new Map<Id, Content>();
const place = (id: Id) => `draft:${id}`;
const rest = 300;

const places: DraftPlaces = {
  keep: (id, draft) => void keepLocally(place(id), draft),
  drop: (id) => void dropLocally(place(id)),
  save: (id, { kind, text, html, to, cc, bcc, from, replaces, attachments, then, plain, withoutQuote, shared }, version, leaving) =>
    api.put<Draft>(`/conversations/${id}/draft`, {
      body: { kind, text, html, to, cc, bcc, from, replaces_message_id: replaces, attachment_ids: attachments.map((file) => file.id), then, plain, without_quote: withoutQuote, shared, version }, keepalive: leaving,
    }),
  discard: (id) => api.delete(`/conversations/${id}/draft`),
};

/**
 * The text of the composer, kept while it is written and found again on the next visit or another device. What is
 * begun anew is as fresh says.
 */
export function useDraft(id: Id, onServer: boolean | undefined, fresh: Content, onPut: (html: string) => void) {
  const queries = useQueryClient();
  const [content, setContent] = useState<Content>(() => left.get(id) ?? fresh);
  const keeper = useMemo(() => new DraftKeeper(id, places), [id]);
  const status = useStore(keeper.status);
  const latest = useRef(content);
  const touched = useRef(left.has(id));
  const shown = useRef(onPut);
  useEffect(() => {
    shown.current = onPut;
  });

  const set = useCallback((next: Content) => {
    latest.current = next;
    if (isEmpty(next)) left.delete(id);
    else left.set(id, next);
    setContent(next);
  }, [id]);

  /** Shows a text that did not come from the keyboard. */
  const show = useCallback((next: Content) => {
    set(next);
    shown.current(next.html);
  }, [set]);

  // What stands in the rows is renewed at once, or when the writer rests: not with each letter.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tellRows = useCallback((wait = 0) => {
    const tell = () => {
      timer.current = undefined;
      patchCached(queries, id, rowOf(latest.current));
    };
    clearTimeout(timer.current);
    if (wait) timer.current = setTimeout(tell, wait);
    else tell();
  }, [id, queries]);
  useEffect(() => () => {
    if (timer.current !== undefined) tellRows();
  }, [tellRows]);

  const change = useCallback((how: (now: Content) => Content) => {
    const before = latest.current;
    const next = how(before);
    touched.current = true;
    set(next);
    const [was, is] = [isEmpty(before), isEmpty(next)];
    // Turning an empty box from reply to note is nothing to save.
    if (was && is) return;
    keeper.changed(next);
    tellRows(was === is ? rest : 0);
  }, [keeper, set, tellRows]);

  useEffect(() => {
    let gone = false;
    void readLocally<LocalDraft>(place(id)).then(async (local) => {
      const ours = local && !isEmpty(local.content) ? local : undefined;
      if (ours) {
        keeper.based(ours.version);
        if (!gone && !touched.current) show(ours.content);
      }
      if (ours?.unsaved) return keeper.changed(ours.content);
      if (!onServer) return;
      const draft = await api.get<Draft>(`/conversations/${id}/draft`).catch((error: unknown) => {
        if (!isProblem(error)) throw error;
        return undefined;
      });
      if (gone || !draft || draft.version === ours?.version) return;
      keeper.based(draft.version);
      if (!touched.current || isEmpty(latest.current)) show(contentOf(draft));
    });
    return () => {
      gone = true;
    };
  }, [id, onServer === undefined, keeper, show]); // eslint-disable-line react-hooks/exhaustive-deps -- once per visit, when it is known whether there is one

  // The server had the shared draft and has it no more: a colleague writes it now.
  useEffect(() => {
    if (onServer !== false || !latest.current.shared || keeper.status.get().state !== 'saved') return;
    keeper.forget();
    show(fresh);
    toast({ text: t('composer.taken') });
  }, [onServer, keeper, show, fresh]);

  useEffect(() => {
    const hide = () => {
      if (document.visibilityState === 'hidden') keeper.flush(true);
    };
    const leave = () => keeper.flush(true);
    document.addEventListener('visibilitychange', hide);
    window.addEventListener('pagehide', leave);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      window.removeEventListener('pagehide', leave);
      keeper.flush();
    };
  }, [keeper]);

  return {
    content, status, change,
    flush: () => keeper.flush(),
    /** Shows a text; version is that of the draft which the server made of it, if it did. */
    put: (next: Content, version?: number) => {
      touched.current = true;
      if (version) keeper.adopt(version);
      show(next);
      keeper.changed(next);
      tellRows();
    },
    /** The text is on its way: the box is empty again. */
    sent: async () => {
      show(fresh);
      tellRows();
      await keeper.settled();
      keeper.forget();
    },
    /** What was taken back comes before what was written since. */
    restore: (draft: Draft) => {
      const now = latest.current;
      const back = contentOf(draft);
      touched.current = true;
      keeper.adopt(draft.version);
      patchCached(queries, id, rowOf(back));
      if (isEmpty(now)) return show(back);
      const both = { ...back, html: back.html + now.html, text: `${back.text}\n${now.text}`, attachments: [...back.attachments, ...now.attachments] };
      show(both);
      keeper.changed(both);
    },
    discard: async () => {
      show(fresh);
      tellRows();
      await keeper.discard().catch(() => undefined);
    },
    takeOther: () => {
      const other = keeper.takeOther();
      if (other) show(contentOf(other));
    },
    keepOurs: () => keeper.keepOurs(),
  };
}
