import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Sent } from '@/api/schema';
import { useForm, type Form } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Field, Input } from '@/ui/Field';
import { LeaveGuard } from '@/ui/LeaveGuard';
import { Page, Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { SaveBar } from '@/ui/SaveBar';
import { toast } from '@/ui/Toast';
import { Switch } from '@/ui/Toggle';
import css from './Translation.module.css';

type Settings = Answer<'/translation-settings'>;
type Tested = Answer<'/translation-settings/test', 'post'>;

const example = 'http://127.0.0.1:5000';
const settingsKey = ['translation', 'settings'] as const;
const settingsQuery = queryOptions({ queryKey: settingsKey, queryFn: ({ signal }) => api.get<Settings>('/translation-settings', { signal }), staleTime: 0 });
const writes = {
  save: (body: Sent<'/translation-settings', 'put'>) => api.put<Settings>('/translation-settings', { body }),
  test: (body: Sent<'/translation-settings/test'>) => api.post<Tested>('/translation-settings/test', { body }),
};

/** Which server translates messages and replies. */
export function TranslationPage() {
  const t = useT();
  const settings = useWaiting(settingsQuery);
  return (
    <Page title={t('settings.translation')} column>
      <p className="muted">{t('translation.text')}</p>
      <Awaited of={settings} bones={<RowBones count={3} lead={false} />}>{(data) => <Server settings={data} />}</Awaited>
    </Page>
  );
}

interface Values {
  enabled: boolean;
  address: string;
  /** null = the one that is set, which is never shown. */
  api_key: string | null;
}

function Server({ settings }: { settings: Settings }) {
  const t = useT();
  const queries = useQueryClient();
  const save = useWrite(writes.save, { renews: [['translation', 'offer']], handled: true });
  const test = useWrite(writes.test, { handled: true });
  const keyOf = ({ api_key }: Values) => (api_key === null ? {} : { api_key: api_key.trim() });
  const start: Values = { enabled: settings.enabled, address: settings.address, api_key: settings.api_key_set ? null : '' };
  const form = useForm(start, {
    check: ({ enabled, address }) => ({
      address: enabled && !/^https?:\/\/[^\s/]+/i.test(address.trim()) ? t('translation.address_wrong') : undefined,
    }),
    save: async (values) => {
      queries.setQueryData(settingsKey, await save.mutateAsync({ enabled: values.enabled, address: values.address.trim(), ...keyOf(values) }));
      toast({ text: t('ui.saved') });
    },
  });
  const { enabled, address } = form.values;
  return (
    <form className={css.form} {...form.props}>
      {form.fault && <Banner tone="bad">{form.fault}</Banner>}
      <Switch checked={enabled} help={t('translation.enabled_help')} onChange={(next) => form.set('enabled', next)}>{t('translation.enabled')}</Switch>
      <Section title={t('translation.server')} help={t('translation.server_help')}>
        <Input label={t('translation.address')} placeholder={example} type="url" autoComplete="off" autoCapitalize="none" spellCheck={false} {...form.text('address')} />
        <Key form={form} />
      </Section>
      <section className={css.test} aria-label={t('translation.test')}>
        <div className={css.testHead}>
          <p className="grow muted">{t('translation.test_text')}</p>
          <Button size="sm" icon={test.data ? 'undo' : 'bolt'} busy={test.isPending} disabled={!address.trim()} onClick={() => test.mutate({ address: address.trim(), ...keyOf(form.values) })}>
            {t('translation.test')}
          </Button>
        </div>
        <div role="status">{!test.isPending && <Result tested={test.data} fault={test.error ? problemText(test.error) : ''} />}</div>
      </section>
      {form.dirty && <SaveBar busy={form.busy} onSave={() => void form.submit()} onDiscard={form.reset} />}
      <LeaveGuard when={form.dirty} />
    </form>
  );
}

function Key({ form }: { form: Form<Values> }) {
  const t = useT();
  if (form.values.api_key !== null) {
    return <Input label={t('translation.key')} help={t('translation.key_help')} type="password" autoComplete="new-password" {...form.text('api_key')} />;
  }
  return (
    <Field label={t('translation.key')} error={form.errorOf('api_key')}>
      {(wiring) => <div><Button size="sm" {...wiring} onClick={() => form.set('api_key', '')}>{t('translation.key_replace')}</Button></div>}
    </Field>
  );
}

function Result({ tested, fault }: { tested?: Tested; fault: string }) {
  const t = useT();
  if (fault || (tested && !tested.ok)) return <Banner tone="bad">{fault || tested!.trouble}</Banner>;
  if (!tested) return null;
  const names = tested.languages.map(({ name, code }) => name || code);
  return <Banner tone="info">{t('translation.test_ok', { count: names.length, names: names.join(', ') })}</Banner>;
}
