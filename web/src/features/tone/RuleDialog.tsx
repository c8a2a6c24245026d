import { useQuery } from '@tanstack/react-query';
import { inboxesQuery } from '@/api/directory';
import { toneKeys, type ToneRule } from '@/api/tone';
import { useForm, type Form } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { localeNames, locales, useT, type Locale } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select, Textarea } from '@/ui/Field';
import { Two } from '@/ui/Page';
import { Checkbox, RadioCards } from '@/ui/Toggle';
import { toast } from '@/ui/Toast';
import { lines, termsOf, textOf } from './lines';
import { toneWrites } from './queries';
import css from './Tone.module.css';

type Kind = ToneRule['kind'];

interface Values {
  name: string;
  kind: Kind;
  strictness: ToneRule['strictness'];
  languages: string[];
  inbox_ids: number[];
  reason: string;
  terms: string;
  form: 'formal' | 'informal';
  max_words: string;
  max_characters: string;
  phrases: string;
  when: 'always' | 'angry';
  examples: string;
}

const kinds: readonly Kind[] = ['avoid', 'glossary', 'address', 'length', 'phrase'];

function valuesOf(rule?: ToneRule): Values {
  return {
    name: rule?.name ?? '', kind: rule?.kind ?? 'avoid', strictness: rule?.strictness ?? 'hint', languages: rule?.languages ?? [], inbox_ids: rule?.inbox_ids ?? [],
    reason: rule?.reason ?? '', terms: textOf(rule?.terms ?? []), form: rule?.form || 'formal', max_words: String(rule?.max_words || (rule ? '' : 25)),
    max_characters: String(rule?.max_characters || (rule ? '' : 80)), phrases: (rule?.phrases ?? []).join('\n'), when: rule?.when || 'always', examples: (rule?.examples ?? []).join('\n'),
  };
}

/** What the server is sent: only what the kind of the rule has. */
function bodyOf(values: Values) {
  const { kind, strictness, languages, inbox_ids } = values;
  return {
    name: values.name.trim(), strictness, languages, inbox_ids, reason: values.reason.trim(),
    ...((kind === 'avoid' || kind === 'glossary') && { terms: termsOf(values.terms) }),
    ...(kind === 'address' && { form: values.form }),
    ...(kind === 'length' && { max_words: Number(values.max_words) || 0, max_characters: Number(values.max_characters) || 0 }),
    ...(kind === 'phrase' && { phrases: lines(values.phrases), when: values.when, examples: lines(values.examples) }),
  };
}

/** Makes a rule or changes one; what it is about never changes. */
export function RuleDialog({ rule, onClose }: { rule?: ToneRule; onClose: () => void }) {
  const t = useT();
  const renews = [toneKeys.rules];
  const create = useWrite(toneWrites.create, { renews, handled: true });
  const change = useWrite(toneWrites.change, { renews, handled: true });
  const form = useForm<Values>(valuesOf(rule), {
    check: ({ name, kind, terms, phrases, max_words, max_characters }) => ({
      name: name.trim() ? undefined : t('ui.required'),
      terms: (kind === 'avoid' || kind === 'glossary') && lines(terms).length === 0 ? t('ui.required') : undefined,
      phrases: kind === 'phrase' && lines(phrases).length === 0 ? t('ui.required') : undefined,
      max_words: kind === 'length' && !Number(max_words) && !Number(max_characters) ? t('ui.required') : undefined,
    }),
    save: async (values) => {
      const body = bodyOf(values);
      if (rule) await change.mutateAsync({ id: rule.id, version: rule.version, ...body });
      else await create.mutateAsync({ kind: values.kind, ...body });
      onClose();
      toast({ text: t('ui.saved') });
    },
  });
  const { kind, strictness } = form.values;
  return (
    <Dialog
      wide title={t(rule ? 'tone.edit' : 'tone.new')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t(rule ? 'ui.save' : 'tone.create')}</Button>
      </>}
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Select
          label={t('tone.kind')} value={kind} disabled={Boolean(rule)} help={t(`tone.kind_${kind}_help`)} onChange={(next) => form.set('kind', next)}
          options={kinds.map((value) => ({ value, label: t(`tone.kind_${value}`) }))}
        />
        <Input label={t('tone.name')} maxLength={100} autoComplete="off" {...form.text('name')} />
        <Parameters form={form} />
        <Input label={t('tone.reason')} help={t('tone.reason_help')} maxLength={500} autoComplete="off" dir="auto" {...form.text('reason')} />
        <RadioCards
          legend={t('tone.strictness')} value={strictness} columns={2} onChange={(next) => form.set('strictness', next)}
          options={[{ value: 'hint', label: t('tone.hint'), help: t('tone.hint_help') }, { value: 'must', label: t('tone.must'), help: t('tone.must_help') }]}
        />
        <Narrowing form={form} />
      </form>
    </Dialog>
  );
}

/** What a rule of this kind looks for. */
function Parameters({ form }: { form: Form<Values> }) {
  const t = useT();
  const { kind } = form.values;
  switch (kind) {
    case 'avoid':
    case 'glossary':
      return <Textarea label={t(`tone.${kind}_lines`)} help={t(`tone.${kind}_help`)} rows={6} dir="auto" {...form.text('terms')} />;
    case 'address':
      return (
        <RadioCards
          legend={t('tone.form')} value={form.values.form} columns={2} onChange={(next) => form.set('form', next)}
          options={[{ value: 'formal', label: t('tone.formal'), help: t('tone.formal_help') }, { value: 'informal', label: t('tone.informal'), help: t('tone.informal_help') }]}
        />
      );
    case 'length':
      return (
        <Two>
          <Input label={t('tone.max_words')} type="number" min={0} max={1000} inputMode="numeric" {...form.text('max_words')} />
          <Input label={t('tone.max_characters')} type="number" min={0} max={1000} inputMode="numeric" {...form.text('max_characters')} />
        </Two>
      );
    case 'phrase':
      return (
        <>
          <Select
            label={t('tone.when')} value={form.values.when} onChange={(next) => form.set('when', next)}
            options={[{ value: 'always', label: t('tone.when_always') }, { value: 'angry', label: t('tone.when_angry') }]}
          />
          <Textarea label={t('tone.phrases')} help={t('tone.phrases_help')} rows={5} dir="auto" {...form.text('phrases')} />
          <Textarea label={t('tone.examples')} help={t('tone.examples_help')} rows={3} dir="auto" {...form.text('examples')} />
        </>
      );
  }
}

/** For which languages and inboxes the rule is. */
function Narrowing({ form }: { form: Form<Values> }) {
  const t = useT();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const { languages, inbox_ids: chosen } = form.values;
  const offered = [...new Set<string>([...locales, ...languages])];
  const toggle = <T,>(list: readonly T[], one: T, into: boolean) => (into ? [...list, one] : list.filter((other) => other !== one));
  return (
    <>
      <fieldset className={css.choices}>
        <legend>{t('tone.languages')}</legend>
        {offered.map((one) => (
          <Checkbox key={one} checked={languages.includes(one)} onChange={(into) => form.set('languages', toggle(languages, one, into))}>{localeNames[one as Locale] ?? one}</Checkbox>
        ))}
        <p className={css.help}>{form.errorOf('languages') ?? t('tone.languages_help')}</p>
      </fieldset>
      {inboxes.length > 1 && (
        <fieldset className={css.choices}>
          <legend>{t('tone.inboxes')}</legend>
          {inboxes.map(({ id, name }) => <Checkbox key={id} checked={chosen.includes(id)} onChange={(into) => form.set('inbox_ids', toggle(chosen, id, into))}><bdi>{name}</bdi></Checkbox>)}
          <p className={css.help}>{t('tone.inboxes_help')}</p>
        </fieldset>
      )}
    </>
  );
}
