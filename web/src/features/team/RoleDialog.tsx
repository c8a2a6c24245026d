import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery, can, directoryKeys, meQuery } from '@/api/directory';
import type { Permission, Role } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { Checkbox } from '@/ui/Toggle';
import css from './People.module.css';
import { roleWrites } from './queries';
import { permissionGroups, roleName } from './words';

/** Makes a role, or changes what one may do. Nobody ticks what they may not do themselves. */
export function RoleDialog({ role, onClose }: { role?: Role; onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const [leaving, setLeaving] = useState(false);
  const isOwn = !role || role.key.startsWith('own_');
  const renews = [directoryKeys.roles, directoryKeys.agents, directoryKeys.me];
  const write = useWrite((body: { name?: string; permissions: Permission[] }) => role
    ? roleWrites.change({ id: role.id, ...body })
    : roleWrites.create({ name: '', ...body }), { renews, handled: true });
  const form = useForm({ name: role ? roleName(role) : '', permissions: (role?.permissions ?? ['conversations:read']) as Permission[] }, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async ({ name, permissions }) => {
      await write.mutateAsync({ ...(isOwn && { name: name.trim() }), permissions });
      onClose();
    },
  });
  const { permissions } = form.values;
  const beyondMe = role?.permissions.some((name) => !can(me, name as Permission)) ?? false;
  const toggle = (name: Permission) => form.set('permissions', permissions.includes(name) ? permissions.filter((one) => one !== name) : [...permissions, name]);
  if (leaving && role) return <DeleteRole role={role} onClose={onClose} />;
  return (
    <Dialog
      wide title={role ? roleName(role) : t('roles.new')} onClose={onClose}
      actions={
        <>
          {role && isOwn && <Button variant="danger" onClick={() => setLeaving(true)}>{t('ui.delete')}</Button>}
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} disabled={beyondMe} onClick={() => void form.submit()}>{role ? t('ui.save') : t('roles.create')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {beyondMe && <Banner tone="info">{t('roles.beyond_me')}</Banner>}
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('roles.name')} help={isOwn ? undefined : t('roles.built_in')} disabled={!isOwn} autoComplete="off" {...form.text('name')} />
        {permissionGroups.map((group) => (
          <fieldset key={group.title} className={css.ticks}>
            <legend>{t(group.title)}</legend>
            {group.permissions.map(({ name, title }) => (
              <Checkbox key={name} checked={permissions.includes(name)} disabled={beyondMe || !can(me, name)} onChange={() => toggle(name)}>{t(title)}</Checkbox>
            ))}
          </fieldset>
        ))}
      </form>
    </Dialog>
  );
}

function DeleteRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const t = useT();
  const { data: agents = [] } = useQuery(agentsQuery);
  const remove = useWrite(roleWrites.remove, { renews: [directoryKeys.roles] });
  const count = agents.filter(({ role_id }) => role_id === role.id).length;
  if (count > 0) {
    return (
      <Dialog title={t('roles.delete_title', { name: role.name })} onClose={onClose} actions={<Button variant="primary" onClick={onClose}>{t('ui.done')}</Button>}>
        <p>{t('roles.in_use', { count })}</p>
      </Dialog>
    );
  }
  return (
    <Confirm
      title={t('roles.delete_title', { name: role.name })} text={t('roles.delete_text')} label={t('ui.delete')}
      onYes={() => remove.mutate(role.id)} onClose={onClose}
    />
  );
}
