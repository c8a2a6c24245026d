import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { directoryKeys } from '@/api/directory';
import { useWaiting } from '@/api/useWaiting';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { Section } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { PasswordDialog } from './PasswordDialog';
import { mine, secondStepQuery, teamKeys, type SecondStepState } from './queries';
import { RecoveryCodes, SecondStepSetup } from './SecondStepSetup';

/** The part of my profile that says how I sign in beside the password. */
export function SecondStep() {
  const t = useT();
  const step = useWaiting(secondStepQuery);
  return (
    <Section title={t('step.title')} help={t('step.text')}>
      <Awaited of={step} bones={<RowBones count={1} />}>{(data) => <State step={data} />}</Awaited>
    </Section>
  );
}

function State({ step }: { step: SecondStepState }) {
  const t = useT();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'set up' | 'codes' | 'off'>();
  const close = () => {
    setOpen(undefined);
    for (const queryKey of [teamKeys.secondStep, teamKeys.sessions, directoryKeys.agents]) void queries.invalidateQueries({ queryKey });
  };
  return (
    <>
      <Rows label={t('step.title')}>
        <Row
          stacks lead={<Icon name={step.on ? 'shield' : 'lock'} size={20} className="muted" />}
          title={step.on ? t('step.on') : t('step.off')}
          detail={step.on && step.since ? t('step.since', { when: fullTime(step.since), count: step.recovery_codes }) : t('step.off_text')}
          end={step.on ? (
            <>
              <Button size="sm" onClick={() => setOpen('codes')}>{t('step.new_codes')}</Button>
              <Button size="sm" variant="ghost" onClick={() => setOpen('off')}>{t('step.turn_off')}</Button>
            </>
          ) : <Button size="sm" onClick={() => setOpen('set up')}>{t('step.set_up')}</Button>}
        />
      </Rows>
      {step.on && step.recovery_codes <= 2 && <Banner tone="warn">{t('step.few_codes', { count: step.recovery_codes })}</Banner>}
      {open === 'set up' && <Dialog title={t('step.set_up')} onClose={close}><SecondStepSetup onDone={close} /></Dialog>}
      {open === 'codes' && <NewCodes onClose={close} />}
      {open === 'off' && <TurnOff required={step.required} onClose={close} />}
    </>
  );
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const t = useT();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <Dialog title={t('step.codes')} onClose={onClose}><RecoveryCodes codes={codes} onDone={onClose} /></Dialog>;
  return (
    <PasswordDialog
      title={t('step.new_codes')} text={t('step.new_codes_text')} label={t('step.make_codes')} onClose={onClose}
      onPassword={async (current_password) => setCodes((await mine.newCodes({ current_password })).recovery_codes)}
    />
  );
}

function TurnOff({ required, onClose }: { required: boolean; onClose: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  return (
    <PasswordDialog
      title={t('step.turn_off')} text={required ? t('step.off_required') : t('step.turn_off_text')} label={t('step.turn_off')} danger onClose={onClose}
      onPassword={async (current_password) => {
        await mine.secondStepOff({ current_password });
        onClose();
        toast({ text: t('step.turned_off') });
        if (required) await queries.invalidateQueries({ queryKey: directoryKeys.me, exact: true });
      }}
    />
  );
}
