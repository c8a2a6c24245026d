import { clsx } from 'clsx';
import type { Id } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT, type MessageKey } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { CopyLine } from '@/ui/CopyLine';
import { Icon, type IconName } from '@/ui/Icon';
import { inboxWrites, type Domain, type DomainFinding } from './queries';
import css from './Inbox.module.css';

const icons: Record<DomainFinding['level'], IconName> = { ok: 'checkCircle', warn: 'warn', error: 'stop' };
const subjects: Record<DomainFinding['subject'], MessageKey> = { spf: 'domains.spf', dkim: 'domains.dkim', dmarc: 'domains.dmarc' };

// The codes that mail/auth/domaincheck gives; a newer one falls back to the server's own sentence.
const codes: Record<string, MessageKey> = {
  dns_unknown: 'domains.dns_unknown', spf_missing: 'domains.spf_missing', spf_two: 'domains.spf_two', spf_everybody: 'domains.spf_everybody',
  spf_there: 'domains.spf_there', spf_ok: 'domains.spf_ok', spf_broken: 'domains.spf_broken', spf_unsure: 'domains.spf_unsure',
  spf_not_covering: 'domains.spf_not_covering', dkim_off: 'domains.dkim_off', dkim_missing: 'domains.dkim_missing', dkim_two: 'domains.dkim_two',
  dkim_other: 'domains.dkim_other', dkim_ok: 'domains.dkim_ok', dmarc_missing: 'domains.dmarc_missing', dmarc_two: 'domains.dmarc_two',
  dmarc_reject: 'domains.dmarc_reject', dmarc_quarantine: 'domains.dmarc_quarantine', dmarc_none: 'domains.dmarc_none', dmarc_broken: 'domains.dmarc_broken',
};

/** Asks the DNS about the domain of each address and says in words what is right and which record to add. */
export function DomainPanel({ id }: { id: Id }) {
  const t = useT();
  const check = useWrite(inboxWrites.domains, { handled: true });
  const domains = check.data?.items;
  const wrong = domains?.flatMap((one) => one.findings).filter((one) => one.level !== 'ok').length ?? 0;
  const summary = check.isPending ? t('domains.checking') : check.error ? problemText(check.error) : domains ? t('domains.summary', { count: wrong }) : t('domains.hint');
  return (
    <section className={css.test} aria-label={t('domains.title')}>
      <div className={css.testHead}>
        <div className="grow" role="status"><p className={clsx(css.small, check.error && css.error)}>{summary}</p></div>
        <Button size="sm" icon={domains ? 'undo' : 'globe'} busy={check.isPending} onClick={() => check.mutate(id)}>{t(domains ? 'domains.again' : 'domains.check')}</Button>
      </div>
      {domains?.map((domain) => <OneDomain key={domain.domain} domain={domain} />)}
    </section>
  );
}

function OneDomain({ domain }: { domain: Domain }) {
  const t = useT();
  return (
    <div className={css.domain}>
      <h3><bdi>{domain.domain}</bdi></h3>
      {domain.hosted && <p className={css.small}>{t('domains.hosted')}</p>}
      {domain.findings.map((one) => {
        const key = codes[one.code];
        return (
          <div key={one.subject} className={css.finding}>
            <Icon name={icons[one.level]} className={css[one.level]} label={t(`inboxes.level_${one.level}`)} />
            <div className={css.findingBody}>
              <span className={css.stepTitle}>{t(subjects[one.subject])}</span>
              <p className={css.small}>{key ? t(key, one.args) : one.sentence}</p>
              {one.found?.map((text) => <code key={text} className={css.record}>{text}</code>)}
              {one.add && (
                <div className={css.add}>
                  <span className={css.small}>{t('domains.record', { type: one.add.type })}</span>
                  <CopyLine label={t('domains.name')} text={one.add.name} />
                  <CopyLine label={t('domains.value')} text={one.add.value} />
                </div>
              )}
            </div>
          </div>
        );
      })}
    </div>
  );
}
