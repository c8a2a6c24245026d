import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Textarea } from '@/ui/Field';
import { Checkbox } from '@/ui/Toggle';
import { toast } from '@/ui/Toast';
import { ruleWrites, senderKeys, type Rule, type RuleValues, type Source } from './queries';
import css from './Sender.module.css';

const sources: readonly Source[] = ['sender', 'reply_to', 'original_from', 'form'];
const lines = (text: string) => text.split('\n').map((one) => one.trim()).filter(Boolean);

/** Makes a rule or changes one. */
export function RuleDialog({ rule, onClose }: { rule?: Rule; onClose: () => void }) {
  const t = useT();
  const renews = [senderKeys.rules];
  const change = useWrite(ruleWrites.change, { renews, handled: true });
  const create = useWrite(ruleWrites.create, { renews, handled: true });
  const form = useForm({
    name: rule?.name ?? '', senders: rule?.senders.join('\n') ?? '', subject: rule?.subject ?? '', sources: rule?.sources ?? (['reply_to'] as Source[]),
    mail_labels: rule?.mail_labels.join('\n') ?? '', name_labels: rule?.name_labels.join('\n') ?? '',
  }, {
    check: (values) => ({
      name: values.name.trim() ? undefined : t('ui.required'),
      senders: lines(values.senders).length ? undefined : t('ui.required'),
      mail_labels: !values.sources.includes('form') || lines(values.mail_labels).length ? undefined : t('ui.required'),
    }),
    save: async (values) => {
      const body: RuleValues = {
        name: values.name.trim(), senders: lines(values.senders), subject: values.subject.trim(), sources: values.sources,
        mail_labels: lines(values.mail_labels), name_labels: lines(values.name_labels),
      };
      if (rule) await change.mutateAsync({ id: rule.id, version: rule.version, ...body });
      else await create.mutateAsync(body);
      onClose();
      toast({ text: t('ui.saved') });
    },
  });
  const chosen = form.values.sources;
  const toggle = (source: Source) => form.set('sources', chosen.includes(source) ? chosen.filter((one) => one !== source) : [...chosen, source]);
  return (
    <Dialog
      wide title={t(rule ? 'rules.edit' : 'rules.new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t(rule ? 'ui.save' : 'rules.create')}</Button>
        </>
      }
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('rules.name')} maxLength={100} autoComplete="off" {...form.text('name')} />
        <Textarea label={t('rules.senders')} help={t('rules.senders_help')} rows={3} spellCheck={false} {...form.text('senders')} />
        <Input label={t('rules.subject')} help={t('rules.subject_help')} maxLength={200} autoComplete="off" {...form.text('subject')} />
        <fieldset className={css.sources}>
          <legend>{t('rules.sources')}</legend>
          <p className={css.help}>{t('rules.sources_help')}</p>
          {sources.map((source) => (
            <Checkbox key={source} checked={chosen.includes(source)} onChange={() => toggle(source)}>
              {t(`rules.source_${source}`)}{chosen.includes(source) && chosen.length > 1 && <span className="faint"> · {chosen.indexOf(source) + 1}</span>}
              <span className={css.help}>{t(`rules.source_${source}_help`)}</span>
            </Checkbox>
          ))}
        </fieldset>
        {chosen.includes('form') && (
          <>
            <Textarea label={t('rules.mail_labels')} help={t('rules.labels_help')} rows={3} {...form.text('mail_labels')} />
            <Textarea label={t('rules.name_labels')} rows={3} {...form.text('name_labels')} />
          </>
        )}
      </form>
    </Dialog>
  );
}
