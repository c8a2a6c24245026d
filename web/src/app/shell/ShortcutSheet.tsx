import { catalog, commandIds, sections } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { Dialog } from '@/ui/Dialog';
import { Kbd } from '@/ui/Kbd';
import css from './ShortcutSheet.module.css';

/** The whole keyboard map, from the same list that the keys themselves come from. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t('cmd.shortcuts')} onClose={onClose} wide>
      <div className={css.columns}>
        {sections.map((section) => (
          <section key={section} className={css.section}>
            <h3 className={css.head}>{t(`section.${section}`)}</h3>
            <dl>
              {commandIds
                .filter((id) => catalog[id].section === section && catalog[id].keys)
                .map((id) => (
                  <div key={id} className={css.row}>
                    <dt>{t(catalog[id].title)}</dt>
                    <dd>
                      {catalog[id].keys!.map((keys) => (
                        <span key={keys}><Kbd keys={keys} /><span className="sr">{keys}</span></span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
