import { memo, Suspense, useState } from 'react';
import { useCommand } from '@/lib/commands';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { ModalFrame } from '@/ui/Dialog';

const Palette = lazyPart(() => withWords(import('./Palette').then((module) => module.Palette)));
const ShortcutSheet = lazyPart(() => import('./ShortcutSheet').then((module) => module.ShortcutSheet));
const ViewsDrawer = lazyPart(() => withWords(import('./ViewsDrawer').then((module) => module.ViewsDrawer)));
const Notifications = lazyPart(() => withWords(import('@/features/notification/NotificationPanel').then((module) => module.NotificationPanel)));

type Layer = 'palette' | 'shortcuts' | 'views' | 'notifications';

/** What lies over the page: palette, shortcut sheet, notifications, and the views on a phone. */
export const Layers = memo(function Layers() {
  const t = useT();
  const [layer, setLayer] = useState<Layer>();
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
      {layer === 'views' && <ViewsDrawer onClose={close} />}
    </Suspense>
  );
});

// While the palette is on its way: what is typed is for it, and no keys of the page under it.
function Early({ label, onType, onClose }: { label: string; onType: (text: string) => void; onClose: () => void }) {
  return <ModalFrame label={label} onClose={onClose}><input aria-label={label} onChange={(event) => onType(event.target.value)} /></ModalFrame>;
}
