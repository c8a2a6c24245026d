import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import css from './CustomerPanel.module.css';

/** The context column: who writes, and what else they wrote. */
export function CustomerPanel(_props: { conversationId: number }) {
  const t = useT();
  return (
    <aside className={css.panel} aria-label={t('nav.customer')}>
      <header className={css.bar}>
        <h2 className="grow">{t('nav.customer')}</h2>
        <IconButton icon="panel" label={t('cmd.context')} keys={keysOf('app.context')} onClick={() => runCommand('app.context')} />
      </header>
    </aside>
  );
}
