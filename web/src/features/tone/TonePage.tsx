import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, inboxesQuery, meQuery } from '@/api/directory';
import { toneKeys, toneRulesQuery, type ToneRule } from '@/api/tone';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { localeNames, useT, type Locale } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { Switch } from '@/ui/Toggle';
import { toast } from '@/ui/Toast';
import { missingQuery, toneWrites } from './queries';
import { RuleDialog } from './RuleDialog';
import { TryBox } from './TryBox';
import css from './Tone.module.css';

/** The rules of the shop about how its people write. */
export function TonePage() {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const rules = useWaiting(toneRulesQuery);
  const [open, setOpen] = useState<ToneRule | 'new'>();
  const renews = [toneKeys.rules];
  const starter = useWrite(toneWrites.starter, { renews });
  const remove = useWrite(toneWrites.remove, { renews });
  const restore = useWrite(toneWrites.restore, { renews });
  const may = can(me, 'replies:manage');
  const { data: missing } = useQuery({ ...missingQuery, enabled: may });
  const addStarter = () => starter.mutate(undefined, { onSuccess: ({ added }) => toast({ text: t('tone.starter_added', { count: added }) }) });
  const away = ({ id }: ToneRule) => remove.mutate(id, { onSuccess: () => toast({ text: t('tone.deleted'), undo: () => restore.mutate(id) }) });
  return (
    <Page title={t('settings.tone')} column actions={may && <Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{t('tone.new')}</Button>}>
      <div className={css.page}>
        <p className="muted">{t('tone.text')}{!may && ` ${t('tone.read_only')}`}</p>
        <Awaited of={rules} bones={<RowBones count={5} lead={false} />}>
          {(all) => all.length === 0 ? (
            <EmptyState
              title={t('tone.none')}
              actions={may && <>
                {missing !== 0 && <Button variant="primary" busy={starter.isPending} onClick={addStarter}>{t('tone.starter')}</Button>}
                <Button variant="ghost" onClick={() => setOpen('new')}>{t('tone.new')}</Button>
              </>}
            >
              {t('tone.none_text')}
            </EmptyState>
          ) : (
            <>
              <Rows label={t('settings.tone')}>
                {all.map((rule) => <RuleRow key={rule.id} rule={rule} may={may} onOpen={() => setOpen(rule)} onRemove={() => away(rule)} />)}
              </Rows>
              {Boolean(missing) && <p><Button variant="ghost" size="sm" busy={starter.isPending} onClick={addStarter}>{t('tone.starter_more', { count: missing ?? 0 })}</Button></p>}
              <TryBox />
            </>
          )}
        </Awaited>
      </div>
      {open && <RuleDialog rule={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function RuleRow({ rule, may, onOpen, onRemove }: { rule: ToneRule; may: boolean; onOpen: () => void; onRemove: () => void }) {
  const t = useT();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const change = useWrite(toneWrites.change, { renews: [toneKeys.rules] });
  const only = [
    ...rule.languages.map((one) => localeNames[one as Locale] ?? one), ...rule.inbox_ids.map((id) => inboxes.find((one) => one.id === id)?.name ?? `#${id}`),
  ];
  const facts = [t(`tone.kind_${rule.kind}`), ...only, rule.ignored > 0 && t('tone.ignored', { count: rule.ignored })].filter(Boolean);
  return (
    <Row
      stacks quiet={!rule.enabled} title={<bdi>{rule.name}</bdi>} onOpen={may ? onOpen : undefined}
      detail={<>{facts.join(' · ')}{rule.reason && <span className={css.reason} dir="auto">{rule.reason}</span>}</>}
      end={<>
        {rule.strictness === 'must' && <Chip tone="accent">{t('tone.must')}</Chip>}
        {may && <Switch checked={rule.enabled} aria-label={t('tone.enabled_of', { name: rule.name })} onChange={(enabled) => change.mutate({ id: rule.id, enabled })} />}
        {may && <IconButton icon="trash" label={t('tone.delete_of', { name: rule.name })} onClick={onRemove} />}
      </>}
    />
  );
}
