import { clsx } from 'clsx';
import type { Permission } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Icon } from '@/ui/Icon';
import css from './SettingsNav.module.css';
import { findSettings } from './places';

interface Props {
  query: string;
  may: (permission: Permission) => boolean;
  onGone: () => void;
}

/** The settings that answer what was typed, each with the page where it stands. */
export function SettingsFound({ query, may, onGone }: Props) {
  const t = useT();
  const found = findSettings(query, may, t);
  return (
    <>
      <p className="sr" role="status">{t('settings.found', { count: found.length })}</p>
      {found.length === 0 && <p className={css.none}>{t('settings.none_found')}</p>}
      {found.map(({ key, place }) => (
        <Link key={key} to={place.to} className={css.found} onClick={onGone}>
          <Icon name={place.icon} />
          <span className={css.words}>
            <span className="trunc">{t(key)}</span>
            {key !== place.title && <span className={clsx(css.page, 'trunc')}>{t(place.title)}</span>}
          </span>
        </Link>
      ))}
    </>
  );
}
