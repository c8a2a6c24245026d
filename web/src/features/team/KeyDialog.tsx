import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, meQuery } from '@/api/directory';
import type { Permission } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { Two } from '@/ui/Page';
import { Checkbox, RadioCards } from '@/ui/Toggle';
import { LinkDialog } from './LinkDialog';
import css from './People.module.css';
import { keys, teamKeys, type NewKey } from './queries';
import { permissionGroups } from './words';

const day = 24 * 60 * 60_000;

interface Values {
  name: string;
  days: '0' | '30' | '90' | '365';
  all: 'all' | 'some';
  scopes: Permission[];
}

/** Makes a key and shows it, this once. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const [made, setMade] = useState<NewKey>();
  const write = useWrite(keys.create, { renews: [teamKeys.apiKeys], handled: true });
  const form = useForm<Values>({ name: '', days: '365', all: 'some', scopes: [] }, {
    check: ({ name, all, scopes }) => ({
      name: name.trim() ? undefined : t('ui.required'),
      scopes: all === 'some' && scopes.length === 0 ? t('keys.scopes_needed') : undefined,
    }),
    save: async ({ name, days, all, scopes }) => {
      const expires_at = days === '0' ? undefined : new Date(Date.now() + Number(days) * day).toISOString();
      setMade(await write.mutateAsync({ name: name.trim(), expires_at, scopes: all === 'some' ? scopes : undefined }));
    },
  });
  if (made) return <LinkDialog title={t('keys.made', { name: made.name })} text={t('keys.made_text')} link={made.key} onClose={onClose} />;
  const { scopes } = form.values;
  const toggle = (name: Permission) => form.set('scopes', scopes.includes(name) ? scopes.filter((one) => one !== name) : [...scopes, name]);
  return (
    <Dialog
      wide title={t('keys.new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('keys.create')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Two>
          <Input label={t('keys.name')} help={t('keys.name_help')} autoComplete="off" {...form.text('name')} />
          <Select
            label={t('keys.expires')} {...form.choice('days')}
            options={[
              { value: '30', label: t('keys.days', { count: 30 }) }, { value: '90', label: t('keys.days', { count: 90 }) },
              { value: '365', label: t('keys.days', { count: 365 }) }, { value: '0', label: t('keys.never') },
            ]}
          />
        </Two>
        <RadioCards
          legend={t('keys.may')} columns={2} value={form.values.all} onChange={(all) => form.set('all', all)}
          options={[
            { value: 'some', label: t('keys.some'), help: t('keys.some_help') },
            { value: 'all', label: t('keys.everything'), help: t('keys.everything_help') },
          ]}
        />
        {form.values.all === 'some' && permissionGroups.map((group) => {
          const mine = group.permissions.filter(({ name }) => can(me, name));
          return mine.length > 0 && (
            <fieldset key={group.title} className={css.ticks}>
              <legend>{t(group.title)}</legend>
              {mine.map(({ name, title }) => (
                <Checkbox key={name} checked={scopes.includes(name)} onChange={() => toggle(name)}>{t(title)}</Checkbox>
              ))}
            </fieldset>
          );
        })}
        {form.errorOf('scopes') && <Banner tone="bad">{form.errorOf('scopes')}</Banner>}
      </form>
    </Dialog>
  );
}
