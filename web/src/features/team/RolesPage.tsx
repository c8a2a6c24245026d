import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { agentsQuery, can, meQuery, rolesQuery } from '@/api/directory';
import type { Role } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { RoleDialog } from './RoleDialog';
import css from './RolesPage.module.css';
import { permissionGroups, roleName } from './words';

const order = ['owner', 'admin', 'lead', 'agent', 'light_agent'];

/** What each role may do. */
export function RolesPage() {
  const t = useT();
  const roles = useWaiting(rolesQuery);
  const { data: me } = useQuery(meQuery);
  const manages = can(me, 'agents:manage');
  const [open, setOpen] = useState<Role | 'new'>();
  return (
    <Page
      title={t('settings.roles')} column
      actions={manages && <Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{t('roles.new')}</Button>}
    >
      <p className="muted">{t('roles.text')}</p>
      <Awaited of={roles} bones={<RowBones count={6} lead={false} />}>
        {(all) => <Matrix roles={[...all].sort((a, b) => place(a) - place(b) || a.id - b.id)} onOpen={manages ? setOpen : undefined} />}
      </Awaited>
      {open && <RoleDialog role={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

// The shop's own stand behind those that come with Deskbell.
function place({ key }: Role): number {
  const at = order.indexOf(key);
  return at < 0 ? order.length : at;
}

function Matrix({ roles, onOpen }: { roles: Role[]; onOpen?: (role: Role) => void }) {
  const t = useT();
  const { data: agents = [] } = useQuery(agentsQuery);
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t('settings.roles')}>
      <table className={css.matrix}>
        <caption className="sr">{t('settings.roles')}</caption>
        <thead>
          <tr>
            <th scope="col"><span className="sr">{t('roles.permission')}</span></th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                {onOpen && role.key !== 'owner'
                  ? <button type="button" className={css.edit} aria-label={t('roles.edit_of', { name: roleName(role) })} onClick={() => onOpen(role)}><bdi>{roleName(role)}</bdi></button>
                  : <bdi>{roleName(role)}</bdi>}
                <span className={css.count}>{t('roles.people', { count: agents.filter(({ active, role_id }) => active && role_id === role.id).length })}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissionGroups.map((group) => (
            <Fragment key={group.title}>
              <tr className={css.group}><th scope="rowgroup" colSpan={roles.length + 1}>{t(group.title)}</th></tr>
              {group.permissions.map(({ name, title }) => (
                <tr key={name}>
                  <th scope="row">{t(title)}</th>
                  {roles.map((role) => (
                    <td key={role.id}>
                      {role.permissions.includes(name)
                        ? <Icon name="check" label={t('roles.yes')} className={css.yes} />
                        : <span className={css.no}><span className="sr">{t('roles.no')}</span></span>}
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
