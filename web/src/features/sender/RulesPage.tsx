import { useState } from 'react';
import type { Id } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { Switch } from '@/ui/Toggle';
import { ruleWrites, rulesQuery, senderKeys, type Rule } from './queries';
import { RuleDialog } from './RuleDialog';
import css from './Sender.module.css';
import { TryBox } from './TryBox';

/** How the customer is taken from mail that shops, marketplaces and forms write for them. */
export function RulesPage() {
  const t = useT();
  const rules = useWaiting(rulesQuery);
  const renews = [senderKeys.rules];
  const order = useWrite(ruleWrites.order, { renews });
  const change = useWrite(ruleWrites.change, { renews });
  const remove = useWrite(ruleWrites.remove, { renews });
  const [open, setOpen] = useState<Rule | 'new'>();
  const [leaving, setLeaving] = useState<Rule>();
  const up = (all: readonly Rule[], at: number) => {
    const ids: Id[] = all.map((one) => one.id);
    [ids[at - 1], ids[at]] = [ids[at]!, ids[at - 1]!];
    order.mutate(ids);
  };
  const add = <Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{t('rules.new')}</Button>;
  return (
    <Page title={t('settings.customer_rules')} column actions={add}>
      <div className={css.page}>
        <p className="muted">{t('rules.text')}</p>
        <Awaited of={rules} bones={<RowBones count={6} lead={false} />}>
          {(all) => all.length === 0 ? (
            <EmptyState title={t('rules.none')} actions={<Button onClick={() => setOpen('new')}>{t('rules.new')}</Button>}>{t('rules.none_text')}</EmptyState>
          ) : (
            <Rows label={t('settings.customer_rules')}>
              {all.map((rule, at) => (
                <Row
                  key={rule.id} stacks quiet={!rule.enabled} title={<bdi>{rule.name}</bdi>} onOpen={() => setOpen(rule)}
                  detail={<>
                    <bdi>{rule.senders.map((one) => (one === 'own' ? t('rules.own') : one)).slice(0, 3).join(', ')}{rule.senders.length > 3 && ' …'}</bdi>
                    {' → '}{rule.sources.map((one) => t(`rules.source_${one}`)).join(', ')}
                  </>}
                  end={<>
                    <Switch checked={rule.enabled} aria-label={t('rules.enabled_of', { name: rule.name })} onChange={(enabled) => change.mutate({ id: rule.id, enabled })} />
                    <IconButton icon="up" label={t('rules.up', { name: rule.name })} disabled={at === 0 || order.isPending} onClick={() => up(all, at)} />
                    <IconButton icon="trash" label={t('rules.delete_of', { name: rule.name })} onClick={() => setLeaving(rule)} />
                  </>}
                />
              ))}
            </Rows>
          )}
        </Awaited>
        <TryBox />
      </div>
      {open && <RuleDialog rule={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      {leaving && (
        <Confirm
          title={t('rules.delete_title', { name: leaving.name })} text={t('rules.delete_text')} label={t('ui.delete')}
          onYes={() => remove.mutate(leaving.id)} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}
