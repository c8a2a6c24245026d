import { lazy, Suspense, useState } from 'react';
import { useCommand } from '@/lib/commands';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsWithin } from '@/lib/router';
import { Drawer } from '@/ui/Dialog';
import { SettingsNav } from '../settings/SettingsNav';
import { Sidebar } from './Sidebar';

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const ShortcutSheet = lazy(() => import('./ShortcutSheet').then((module) => ({ default: module.ShortcutSheet })));

const Notifications = lazyPart(() => withWords(import('@/features/notification/NotificationPanel').then((module) => module.NotificationPanel)));

type Layer = 'palette' | 'shortcuts' | 'views' | 'notifications';

/** What lies over the page: palette, shortcut sheet, notifications, and the views on a phone. */
export function Layers() {
  const t = useT();
  const [layer, setLayer] = useState<Layer>();
  const inSettings = useIsWithin('/settings');
  const close = () => setLayer(undefined);
  useCommand('app.palette', () => setLayer('palette'));
  useCommand('app.shortcuts', () => setLayer('shortcuts'));
  useCommand('app.views', () => setLayer('views'));
  useCommand('go.notifications', () => setLayer('notifications'));
  return (
    <Suspense>
      {layer === 'palette' && <Palette onClose={close} onSheet={() => setLayer('shortcuts')} />}
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
