import { clsx } from 'clsx';
import { catalog, keysOf, runCommand } from '@/lib/commands';
import { useT, type MessageKey } from '@/lib/i18n';
import { Link, navigate } from '@/lib/router';
import { Button } from '@/ui/Button';
import { Icon, type IconName } from '@/ui/Icon';
import { Kbd } from '@/ui/Kbd';
import { Card, Page } from '@/ui/Page';
import { keyLessons, useFirstSteps, type Step } from '../firstSteps';
import css from './StartPage.module.css';

const icons: Record<Step, IconName> = { mailbox: 'mail', teammate: 'users', answer: 'reply', keys: 'key' };

/** The first steps, to be taken in any order, resumed later or put away. */
export function StartPage() {
  const t = useT();
  const { me, steps, done, left, next, keep, learned } = useFirstSteps();
  const act: Record<Step, () => void> = {
    mailbox: () => void navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: 'new' } }),
    teammate: () => void navigate({ to: '/settings/people', search: { invite: true } }),
    answer: () => void navigate({ to: '/inbox/$view', params: { view: 'open' } }),
    keys: () => {
      runCommand('app.shortcuts');
      keep({ keys: true });
    },
  };
  const putAway = () => {
    keep({ dismissed: true });
    void navigate({ to: '/' });
  };
  return (
    <Page title={t('nav.start')} column>
      <header className={css.head}>
        <h2>{t('start.welcome', { name: me?.name ?? '' })}</h2>
        {steps.length > 1 && <p className="muted">{left === 0 ? t('start.all_done') : t('start.text')}</p>}
      </header>
      {steps.length > 1 && <Card>
        <ol>
          {steps.map((step) => (
            <li key={step} className={css.step}>
              <span className={clsx(css.mark, done[step] && css.done)}>
                <Icon name={done[step] ? 'check' : icons[step]} label={done[step] ? t('start.done') : undefined} />
              </span>
              <div className="grow">
                <h3 className={clsx(done[step] && css.past)}>{t(`start.${step}` as MessageKey)}</h3>
                <p className="muted">{t(`start.${step}_text` as MessageKey)}</p>
              </div>
              {!done[step] && (
                <Button variant={step === next ? 'primary' : 'outline'} keys={step === 'keys' ? keysOf('app.shortcuts') : undefined} onClick={act[step]}>
                  {t(`start.${step}_go` as MessageKey)}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </Card>}
      {me?.single_key_shortcuts && (
        <section aria-labelledby="lessons">
          <h2 id="lessons" className={css.lessonsHead}>{t('start.lessons')}</h2>
          <p className="muted">{t('start.lessons_text', { done: learned.size, all: keyLessons.length })}</p>
          <ul className={css.lessons}>
            {keyLessons.map((id) => (
              <li key={id} className={clsx(learned.has(id) && css.past)}>
                <Icon name={learned.has(id) ? 'check' : 'key'} size={14} label={learned.has(id) ? t('start.done') : undefined} />
                <span className="grow">{t(catalog[id].title)}</span>
                <Kbd keys={keysOf(id)!} />
                <span className="sr">{keysOf(id)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className={css.foot}>
        <Link to="/">{t('start.to_inbox')}</Link>
        <Button variant="ghost" size="sm" onClick={putAway}>{t('start.dismiss')}</Button>
      </div>
    </Page>
  );
}
