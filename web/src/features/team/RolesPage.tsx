import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { agentsQuery, rolesQuery } from '@/api/directory';
import type { Role } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import css from './RolesPage.module.css';
import { permissionGroups, roleName } from './words';

const order = ['owner', 'admin', 'lead', 'agent', 'light_agent'];

/** What each role may do. */
export function RolesPage() {
  const t = useT();
  const roles = useWaiting(rolesQuery);
  return (
    <Page title={t('settings.roles')} column>
      <p className="muted">{t('roles.text')}</p>
      <Awaited of={roles} bones={<RowBones count={6} lead={false} />}>
        {(all) => <Matrix roles={[...all].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))} />}
      </Awaited>
    </Page>
  );
}

function Matrix({ roles }: { roles: Role[] }) {
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
                <bdi>{roleName(role)}</bdi>
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
