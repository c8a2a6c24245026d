import { memo, Suspense, useState } from 'react';
import { useCommand } from '@/lib/commands';
import { withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';

const Palette = lazyPart(() => withWords(import('./Palette').then((module) => module.Palette)));
const ShortcutSheet = lazyPart(() => import('./ShortcutSheet').then((module) => module.ShortcutSheet));
const ViewsDrawer = lazyPart(() => withWords(import('./ViewsDrawer').then((module) => module.ViewsDrawer)));
const Notifications = lazyPart(() => withWords(import('@/features/notification/NotificationPanel').then((module) => module.NotificationPanel)));

type Layer = 'palette' | 'shortcuts' | 'views' | 'notifications';

/** What lies over the page: palette, shortcut sheet, notifications, and the views on a phone. */
export const Layers = memo(function Layers() {
  const [layer, setLayer] = useState<Layer>();
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
      {layer === 'views' && <ViewsDrawer onClose={close} />}
    </Suspense>
  );
});
