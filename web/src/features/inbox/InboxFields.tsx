import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { agentsQuery, meQuery } from '@/api/directory';
import type { InboxAccess } from '@/api/types';
import type { Form } from '@/api/useForm';
import { localeNames, locales, useT, type MessageKey } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { ComboboxPopover } from '@/ui/Combobox';
import { Input, Select, Textarea } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { Section, Two } from '@/ui/Page';
import { Checkbox, RadioCards, Switch } from '@/ui/Toggle';
import css from './Inbox.module.css';
import { servicesQuery } from './queries';
import { ServerFields } from './ServerFields';
import { serviceOfHost } from './serviceNames';
import { SignInChoice } from './SignInChoice';
import type { ServerValues } from './servers';
import type { InboxValues } from './values';

type Props = { form: Form<InboxValues> };

// The name of the first folder in the protocol itself.
const usualFolder = 'INBOX';

// The fields of the servers know only their own part of the form.
const servers = (form: Form<InboxValues>) => form as unknown as Form<ServerValues>;

/** Where mail comes from and where it goes out. */
export function MailboxFields({ form }: Props) {
  const t = useT();
  const { receives, same } = form.values;
  const { data: services } = useQuery(servicesQuery);
  return (
    <>
      <Section
        title={t('inboxes.receiving')} help={receives ? t('inboxes.receiving_text') : t('inboxes.handed_in_text')}
        aside={<Switch checked={receives} onChange={(on) => form.set('receives', on)}><span className="muted">{t('inboxes.fetches')}</span></Switch>}
      >
        {receives && (
          <>
            <SignInChoice
              service={serviceOfHost(form.values['imap.host'])} services={services} value={form.values.auth} onChange={(auth) => form.set('auth', auth)}
            />
            <ServerFields kind="imap" form={servers(form)} />
            <Two>
              <Input label={t('inboxes.folders')} help={t('inboxes.folders_help')} placeholder={usualFolder} autoComplete="off" {...form.text('imap.folders')} />
              <Input label={t('inboxes.sent_folder')} help={t('inboxes.sent_folder_help')} autoComplete="off" {...form.text('imap.sent_folder')} />
            </Two>
            <Two>
              <Select
                label={t('inboxes.after_fetch')} {...form.choice('imap.after_fetch')}
                options={(['leave', 'seen', 'move'] as const).map((value) => ({ value, label: t(`inboxes.after_fetch_${value}`) }))}
              />
              {form.values['imap.after_fetch'] === 'move' && <Input label={t('inboxes.move_to')} autoComplete="off" {...form.text('imap.move_to')} />}
            </Two>
            <Switch checked={form.values['imap.read_sent']} onChange={(on) => form.set('imap.read_sent', on)} help={t('inboxes.read_sent_help')}>{t('inboxes.read_sent')}</Switch>
            <Switch checked={form.values['imap.rescue']} onChange={(on) => form.set('imap.rescue', on)} help={t('inboxes.rescue_help')}>{t('inboxes.rescue')}</Switch>
          </>
        )}
      </Section>
      <Section
        title={t('inboxes.sending')}
        aside={receives && <Switch checked={same} onChange={(on) => form.set('same', on)}><span className="muted">{t('inboxes.same')}</span></Switch>}
      >
        <ServerFields kind="smtp" form={servers(form)} noSignIn={receives && same} />
        <Two>
          <Input label={t('inboxes.hourly_limit')} help={t('inboxes.limit_help')} inputMode="numeric" autoComplete="off" {...form.text('sending.hourly_limit')} />
          <Input label={t('inboxes.daily_limit')} help={t('inboxes.limit_help')} inputMode="numeric" autoComplete="off" {...form.text('sending.daily_limit')} />
        </Two>
        <Two>
          <Input label={t('inboxes.link_over')} help={t('inboxes.link_over_help')} inputMode="numeric" autoComplete="off" {...form.text('sending.link_over_mb')} />
          <Switch checked={form.values['sending.warm_up']} onChange={(on) => form.set('sending.warm_up', on)} help={t('inboxes.warm_up_help')}>{t('inboxes.warm_up')}</Switch>
        </Two>
      </Section>
    </>
  );
}

export function NameFields({ form }: Props) {
  const t = useT();
  return (
    <Section title={t('inboxes.names')}>
      <Two>
        <Input label={t('inboxes.name')} help={t('inboxes.name_help')} autoComplete="off" {...form.text('name')} />
        <Input label={t('session.email')} type="email" autoComplete="off" {...form.text('address')} />
      </Two>
      <Textarea label={t('inboxes.aliases')} help={t('inboxes.aliases_help')} rows={3} {...form.text('aliases')} />
      <Switch checked={form.values.catch_all} onChange={(on) => form.set('catch_all', on)} help={t('inboxes.catch_all_help')}>{t('inboxes.catch_all')}</Switch>
    </Section>
  );
}

/** How replies look to the customer. */
export function LookFields({ form }: Props) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { from_name, from_style, address, name } = form.values;
  const shop = from_name.trim() || name;
  const first = me?.name.split(/\s+/)[0] ?? '';
  return (
    <Section title={t('inboxes.look')}>
      <RadioCards
        legend={t('inboxes.from_style')} columns={2} value={from_style} onChange={(style) => form.set('from_style', style)}
        options={[
          { value: 'agent_and_shop', label: t('inboxes.style_agent'), help: t('inboxes.style_agent_help') },
          { value: 'shop', label: t('inboxes.style_shop'), help: t('inboxes.style_shop_help') },
        ]}
      />
      <Two>
        <Input label={t('inboxes.from_name')} help={t('inboxes.from_name_help')} {...form.text('from_name')} />
        <div className={css.fields}>
          <span style={{ fontWeight: 500 }}>{t('inboxes.customers_see')}</span>
          <p className={css.preview}>
            <b><bdi>{from_style === 'shop' ? shop : t('inboxes.agent_from_shop', { agent: first, shop })}</bdi></b> <bdi>{`<${address}>`}</bdi>
          </p>
        </div>
      </Two>
      <Textarea label={t('inboxes.signature')} help={t('inboxes.signature_help')} rows={3} {...form.text('signature')} />
      <Textarea label={t('inboxes.footer')} help={t('inboxes.footer_help')} rows={3} {...form.text('footer')} />
    </Section>
  );
}

export function AfterReplyFields({ form }: Props) {
  const t = useT();
  const { languages } = form.values;
  const toggle = (locale: string) =>
    form.set('languages', languages.includes(locale) ? languages.filter((one) => one !== locale) : [...languages, locale]);
  return (
    <Section title={t('inboxes.after')}>
      <RadioCards
        legend={t('inboxes.after_reply')} columns={3} value={form.values.after_reply} onChange={(value) => form.set('after_reply', value)}
        options={(['pending', 'closed', 'open'] as const).map((value) => ({ value, label: t(`inboxes.after_${value}`), help: t(`inboxes.after_${value}_help`) }))}
      />
      <Input
        label={t('inboxes.reopen')} help={t('inboxes.reopen_help')} inputMode="numeric" autoComplete="off" {...form.text('reopen_days')}
      />
      <Switch checked={form.values.mask_cards} onChange={(on) => form.set('mask_cards', on)} help={t('inboxes.mask_cards_help')}>{t('inboxes.mask_cards')}</Switch>
      <fieldset className={css.ticks}>
        <legend>{t('inboxes.languages')}</legend>
        {locales.map((locale) => (
          <Checkbox key={locale} checked={languages.includes(locale)} onChange={() => toggle(locale)}><span lang={locale}>{localeNames[locale]}</span></Checkbox>
        ))}
      </fieldset>
    </Section>
  );
}

const levels: { value: InboxAccess; label: MessageKey }[] = [
  { value: 'all', label: 'access.all' }, { value: 'team', label: 'access.team' }, { value: 'own', label: 'access.own' }, { value: 'none', label: 'access.none' },
];

/** Who sees what of this inbox. */
export function AccessFields({ form }: Props) {
  const t = useT();
  const { data: agents = [] } = useQuery(agentsQuery);
  const { members } = form.values;
  const options = levels.map(({ value, label }) => ({ value, label: t(label) }));
  const others = agents.filter(({ id, active, permissions }) =>
    active && !permissions.includes('conversations:see_all') && !members.some(({ agent_id }) => agent_id === id));
  const set = (id: number, access: InboxAccess) => form.set('members', members.map((one) => (one.agent_id === id ? { ...one, access } : one)));
  return (
    <Section title={t('inboxes.access')} help={t('inboxes.access_text')}>
      <Two>
        <Select label={t('inboxes.default_access')} options={options} {...form.choice('default_access')} />
      </Two>
      {members.length > 0 && (
        <ul className={css.fields} aria-label={t('inboxes.members')}>
          {members.map(({ agent_id, access }) => {
            const agent = agents.find(({ id }) => id === agent_id);
            const name = agent?.name ?? String(agent_id);
            return (
              <li key={agent_id} className={css.member}>
                <span className={css.who}><Avatar name={name} seed={agent_id} size={22} kind="agent" /><bdi className="trunc">{name}</bdi></span>
                <Select label={t('people.access_to', { inbox: name })} hideLabel value={access} options={options} onChange={(next) => set(agent_id, next)} />
                <IconButton
                  icon="x" label={t('inboxes.remove_member', { name })}
                  onClick={() => form.set('members', members.filter((one) => one.agent_id !== agent_id))}
                />
              </li>
            );
          })}
        </ul>
      )}
      {others.length > 0 && <AddMember names={others} onAdd={(id) => form.set('members', [...members, { agent_id: id, access: 'own' }])} />}
    </Section>
  );
}

function AddMember({ names, onAdd }: { names: { id: number; name: string }[]; onAdd: (id: number) => void }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button ref={anchor} size="sm" icon="plus" aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(true)}>{t('inboxes.members_add')}</Button>
      {open && (
        <ComboboxPopover
          anchor={anchor} label={t('inboxes.members_add')} onChoose={onAdd} onClose={() => setOpen(false)}
          choices={names.map(({ id, name }) => ({ value: id, label: name, lead: <Avatar name={name} seed={id} kind="agent" /> }))}
        />
      )}
    </div>
  );
}
