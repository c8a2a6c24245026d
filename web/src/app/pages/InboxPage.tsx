import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Suspense, useEffect, useMemo, type CSSProperties } from 'react';
import { ConversationPane } from '@/features/conversation/ConversationPane';
import { AllClear } from '@/features/view/AllClear';
import { ConversationList } from '@/features/view/ConversationList';
import { useLayout } from '@/features/view/layout';
import { failures, shownNow, ticked } from '@/features/view/state';
import { parseView, type View } from '@/features/view/views';
import { useCommand } from '@/lib/commands';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { noContextColumn, useIsPhone, useMedia } from '@/lib/media';
import { setPrefs, usePrefs } from '@/lib/prefs';
import { navigate, type PageProps } from '@/lib/router';
import { useStore } from '@/lib/store';
import { EmptyState } from '@/ui/EmptyState';
import { RestingBell } from '@/ui/Mark';
import { InboxActions } from './InboxActions';
import { ListResizer } from './ListResizer';
import { useDetails } from './useDetails';
import css from './InboxPage.module.css';

const Bell = lazyPart(() => import('../shell/Bell').then((module) => module.Bell));
const ContextColumn = lazyPart(() => withWords(import('./ContextColumn').then((module) => module.ContextColumn)));
const DetailsLayer = lazyPart(() => import('./DetailsLayer').then((module) => module.DetailsLayer));
const BulkPane = lazyPart(() => withWords(import('@/features/view/BulkPane').then((module) => module.BulkPane)));
const BulkBar = lazyPart(() => withWords(import('@/features/view/BulkPane').then((module) => module.BulkBar)));

type Props = PageProps<'/inbox/$view'> & { params: { conversationId?: string } };

/** The three columns beside the sidebar. On a phone one of them at a time. */
export function InboxPage({ params, search }: Props) {
  const { listWidth, contextOpen } = usePrefs();
  const isPhone = useIsPhone();
  const noColumn = useMedia(noContextColumn);
  const id = Number(params.conversationId) || undefined;
  const view = useMemo(() => parseView(params.view)!, [params.view]);
  const selecting = useStore(ticked, (now) => now.size > 0);
  const details = useDetails(id);
  const table = useLayout(params.view).table && id === undefined && !isPhone;

  const queries = useQueryClient();
  const tellClosed = (closed: number) => void import('./afterClose').then((module) => module.afterClose(queries, closed)).catch(() => undefined);

  const toList = () => void navigate({ to: '/inbox/$view', params: { view: params.view }, search });
  const open = (to: number | undefined) => {
    if (to === undefined) return toList();
    void navigate({ to: '/inbox/$view/$conversationId', params: { view: params.view, conversationId: String(to) }, search, replace: id !== undefined });
  };
  useCommand('app.context', () => (noColumn ? details.toggle() : setPrefs((now) => ({ contextOpen: !now.contextOpen }))), id !== undefined);
  useEffect(() => () => ticked.set(new Map()), []);

  const showContext = id !== undefined && contextOpen && !noColumn && !selecting;
  const ListColumn = isPhone ? 'main' : 'div';
  // In a table what is ticked is acted on from a bar; what failed needs the room to say why.
  const hasFailed = useStore(failures, (now) => now.size > 0);
  const showPane = isPhone ? id !== undefined && !selecting : !table || (selecting && hasFailed);
  return (
    <div className={clsx(css.columns, showContext && css.withContext, table && css.table, table && showPane && css.tableBulk)} style={{ '--list': `${listWidth}px` } as CSSProperties}>
      {(!isPhone || !showPane) && (
        <ListColumn className={css.listColumn} {...(!showPane && { id: 'main', role: isPhone ? undefined : 'main', tabIndex: -1 })}>
          <ConversationList view={view} viewName={params.view} search={search} openId={id} edge={isPhone || table ? undefined : <ListResizer />} bell={isPhone && <Suspense><Bell size={20} /></Suspense>} />
          {(isPhone || (table && !showPane)) && selecting && <Suspense><BulkBar /></Suspense>}
        </ListColumn>
      )}
      {showPane && (selecting ? <Suspense fallback={<main id="main" tabIndex={-1} />}><BulkPane /></Suspense> : (
        <ConversationPane
          conversationId={id} empty={<NothingOpen view={view} />} onList={toList} onDetails={details.toggle}
          onSentAndClosed={(from) => open(nextOf(from))} onClosed={tellClosed} onReturn={open}
        />
      ))}
      {showContext && <Suspense fallback={<aside />}><ContextColumn conversationId={id} /></Suspense>}
      {id !== undefined && details.shown && <Suspense><DetailsLayer id={id} onClose={details.close} /></Suspense>}
      <InboxActions openId={id} open={open} nextOf={nextOf} onClosed={tellClosed} />
    </div>
  );
}

/** Where the way leads from a conversation that leaves: to the row below, else the one above. */
function nextOf(from: number): number | undefined {
  const rows = shownNow.get();
  const at = rows.findIndex((row) => row.item.id === from);
  const rest = rows.filter((row) => !row.gone && row.item.id !== from);
  if (at < 0) return undefined;
  const below = rows.slice(at + 1).find((row) => rest.includes(row));
  return (below ?? rows.slice(0, at).findLast((row) => rest.includes(row)))?.item.id;
}

function NothingOpen({ view }: { view: View }) {
  const t = useT();
  const rows = useStore(shownNow, (now) => now.length);
  const loaded = useStore(shownNow, (now) => now);
  const work = view.kind !== 'system' || view.id === 'mine' || view.id === 'unassigned' || view.id === 'open';
  if (work && rows === 0 && loaded !== undefined) return <AllClear />;
  return <EmptyState art={<RestingBell />} title={t('conversation.none_title')}>{t('conversation.none_text')}</EmptyState>;
}
