import { useState } from 'react';
import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { CopyLine } from '@/ui/CopyLine';
import { Input } from '@/ui/Field';
import { mine, type NewSecret } from './queries';
import css from './SecondStep.module.css';

/** Sets the second step up: password, picture or secret, a code to prove it, and the recovery codes. */
export function SecondStepSetup({ onDone }: { onDone: () => void }) {
  const [secret, setSecret] = useState<NewSecret>();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (secret) return <ConfirmCode secret={secret} onCodes={setCodes} />;
  return <Begin onSecret={setSecret} />;
}

function Begin({ onSecret }: { onSecret: (secret: NewSecret) => void }) {
  const t = useT();
  const form = useForm({ current_password: '' }, {
    check: ({ current_password }) => ({ current_password: current_password ? undefined : t('session.password_needed') }),
    save: async (values) => onSecret(await mine.beginSecondStep(values)),
  });
  return (
    <form className={css.steps} {...form.props}>
      <p>{t('step.begin_text')}</p>
      {form.fault && <Banner tone="bad">{form.fault}</Banner>}
      <Input label={t('profile.current_password')} type="password" autoComplete="current-password" data-autofocus {...form.text('current_password')} />
      <div><Button type="submit" variant="primary" busy={form.busy}>{t('step.go_on')}</Button></div>
    </form>
  );
}

function ConfirmCode({ secret, onCodes }: { secret: NewSecret; onCodes: (codes: string[]) => void }) {
  const t = useT();
  const form = useForm({ code: '' }, {
    check: ({ code }) => ({ code: code.trim() ? undefined : t('session.code_needed') }),
    save: async ({ code }) => onCodes((await mine.confirmSecondStep({ code })).recovery_codes),
  });
  return (
    <form className={css.steps} {...form.props}>
      <p>{t('step.scan_text')}</p>
      <svg className={css.picture} viewBox={`0 0 ${secret.qr.size} ${secret.qr.size}`} role="img" aria-label={t('step.picture')} shapeRendering="crispEdges">
        <rect width="100%" height="100%" className={css.light} />
        <path d={secret.qr.path} className={css.dark} />
      </svg>
      <p className="muted">{t('step.type_text')}</p>
      <CopyLine label={t('step.secret')} text={secret.secret} />
      {form.fault && <Banner tone="bad">{form.fault}</Banner>}
      <Input label={t('step.code')} help={t('step.code_help')} inputMode="numeric" autoComplete="one-time-code" {...form.text('code')} />
      <div><Button type="submit" variant="primary" busy={form.busy}>{t('step.confirm')}</Button></div>
    </form>
  );
}

/** The codes that let me in when the device is gone. They are shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useT();
  const text = codes.map((code) => `${code}\n`).join('');
  return (
    <div className={css.steps}>
      <p>{t('step.codes_text')}</p>
      <ol className={css.codes} aria-label={t('step.codes')}>
        {codes.map((code) => <li key={code}><code>{code}</code></li>)}
      </ol>
      <div className={css.row}>
        <a href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="deskbell-recovery-codes.txt">{t('step.download')}</a>
        <Button variant="primary" onClick={onDone}>{t('step.codes_kept')}</Button>
      </div>
    </div>
  );
}
