import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useRef, useState } from 'react';
import { meQuery } from '@/api/directory';
import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import css from './MeButton.module.css';

/** Who I am, at the foot of the sidebar, with what is mine to change. */
export function MeButton({ collapsed = false }: { collapsed?: boolean }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <button
        ref={anchor} type="button" className={clsx(css.me, collapsed && css.collapsed)} aria-haspopup="menu"
        aria-expanded={open} aria-label={collapsed ? me.name : undefined} onClick={() => setOpen(!open)}
      >
        <Avatar name={me.name} seed={me.id} size={22} kind="agent" presence={me.away ? 'away' : 'online'} />
        {!collapsed && (
          <>
            <bdi className={clsx('grow', 'trunc', css.name)}>{me.name}</bdi>
            <Icon name="down" size={14} className="faint" />
          </>
        )}
      </button>
      {open && (
        <Menu
          anchor={anchor} label={me.name} side="top" onClose={() => setOpen(false)}
          items={[
            { label: t('settings.me'), icon: 'user', run: () => void navigate({ to: '/settings/me' }) },
            { label: t(me.away ? 'me.back' : 'me.away'), icon: me.away ? 'check' : 'pause', run: () => runCommand('app.away') },
            { label: t('cmd.theme'), icon: 'moon', run: () => runCommand('app.theme') },
            { label: t('cmd.shortcuts'), icon: 'key', keys: keysOf('app.shortcuts'), run: () => runCommand('app.shortcuts') },
            { label: t('cmd.sign_out'), icon: 'leave', separated: true, run: () => runCommand('app.sign_out') },
          ]}
        />
      )}
    </>
  );
}
