import { lazy, Suspense, useState } from 'react';
import { useCommand } from '@/lib/commands';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsWithin } from '@/lib/router';
import { Drawer, ModalFrame } from '@/ui/Dialog';
import { Sidebar } from './Sidebar';

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const SettingsNav = lazyPart(() => import('../settings/SettingsNav').then((module) => module.SettingsNav));
const ShortcutSheet = lazy(() => import('./ShortcutSheet').then((module) => ({ default: module.ShortcutSheet })));

const Notifications = lazyPart(() => withWords(import('@/features/notification/NotificationPanel').then((module) => module.NotificationPanel)));

type Layer = 'palette' | 'shortcuts' | 'views' | 'notifications';

/** What lies over the page: palette, shortcut sheet, notifications, and the views on a phone. */
export function Layers() {
  const t = useT();
  const [layer, setLayer] = useState<Layer>();
  const inSettings = useIsWithin('/settings');
  const [typed, setTyped] = useState('');
  const close = () => setLayer(undefined);
  useCommand('app.palette', () => {
    setTyped('');
    setLayer('palette');
  });
  useCommand('app.shortcuts', () => setLayer('shortcuts'));
  useCommand('app.views', () => setLayer('views'));
  useCommand('go.notifications', () => setLayer('notifications'));
  return (
    <Suspense fallback={layer === 'palette' && <Early label={t('cmd.palette')} onType={setTyped} onClose={close} />}>
      {layer === 'palette' && <Palette start={typed} onClose={close} onSheet={() => setLayer('shortcuts')} />}
      {layer === 'shortcuts' && <ShortcutSheet onClose={close} />}
      {layer === 'notifications' && <Notifications onClose={close} />}
      {layer === 'views' && (
        <Drawer title={t('cmd.views')} side="start" onClose={close}>
          <div onClick={(event) => (event.target as Element).closest('a') && close()}>{inSettings ? <SettingsNav inDrawer /> : <Sidebar inDrawer />}</div>
        </Drawer>
      )}
    </Suspense>
  );
}

// While the palette is on its way: what is typed is for it, and no keys of the page under it.
function Early({ label, onType, onClose }: { label: string; onType: (text: string) => void; onClose: () => void }) {
  return <ModalFrame label={label} onClose={onClose}><input aria-label={label} onChange={(event) => onType(event.target.value)} /></ModalFrame>;
}
