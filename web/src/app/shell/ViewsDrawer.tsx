import { useT } from '@/lib/i18n';
import { useIsWithin } from '@/lib/router';
import { Drawer } from '@/ui/Dialog';
import { SettingsNav } from '../settings/SettingsNav';
import { Sidebar } from './Sidebar';

/** The sidebar over the page, where there is no room beside it. It leaves with the first link that is followed. */
export function ViewsDrawer({ onClose }: { onClose: () => void }) {
  const t = useT();
  const inSettings = useIsWithin('/settings');
  return (
    <Drawer title={t('cmd.views')} side="start" onClose={onClose}>
      <div onClick={(event) => (event.target as Element).closest('a') && onClose()}>{inSettings ? <SettingsNav inDrawer /> : <Sidebar inDrawer />}</div>
    </Drawer>
  );
}
