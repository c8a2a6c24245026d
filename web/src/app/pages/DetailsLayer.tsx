import { Suspense } from 'react';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { Drawer } from '@/ui/Dialog';
import css from './InboxPage.module.css';

const ContextColumn = lazyPart(() => withWords(import('./ContextColumn').then((module) => module.ContextColumn)));

/** The customer where there is no column: as a drawer, on a phone as a screen. */
export function DetailsLayer({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useT();
  const isPhone = useIsPhone();
  const panel = <Suspense><ContextColumn conversationId={id} onClose={onClose} inLayer /></Suspense>;
  if (!isPhone) return <Drawer title={t('nav.customer')} onClose={onClose}>{panel}</Drawer>;
  return <div className={css.screen}>{panel}</div>;
}
