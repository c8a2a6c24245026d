import { clsx } from 'clsx';
import { useState, type ReactNode } from 'react';
import type { MailFacts as Facts, Message } from '@/api/types';
import { fullTime } from '@/lib/dates';
import { useT, type MessageKey } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';
import { Icon } from '@/ui/Icon';
import { ChooseCustomer } from './ChooseCustomer';
import { InvitationCard } from './InvitationCard';
import css from './MailFacts.module.css';

interface Props {
  message: Message;
  facts: Facts;
}

/** What was found out about a mail beyond its words, the doubtful first. */
export function MailFacts({ message, facts }: Props) {
  const t = useT();
  const { forwarded, reply_to, rule, spam, signature, invitation, complaints } = facts;
  const sender = message.author.name || message.author.address || '';
  return (
    <div className={css.facts}>
      {facts.doubt && <Doubt doubt={facts.doubt} address={message.author.address ?? ''} />}
      {facts.card_masked && <Line icon="lock">{t(message.kind === 'inbound' ? 'facts.card_masked' : 'facts.card_masked_written')}</Line>}
      {spam && <Line icon="shield">{spam.reason === 'blocked' ? t('facts.spam_blocked', { pattern: spam.pattern ?? '' }) : t('facts.spam_server')}</Line>}
      {facts.rescued && <Line icon="shield">{t('facts.rescued')}</Line>}
      {signature && <SignatureLine signature={signature} address={message.author.address ?? ''} />}
      {facts.encrypted && <Line tone="warn" icon="lock">{t(facts.encrypted === 'pgp' ? 'facts.encrypted_pgp' : 'facts.encrypted_smime')}</Line>}
      {facts.pgp_signed && <Line icon="lock">{t('facts.pgp_signed')}</Line>}
      {forwarded && (
        <Line icon="forward" action={<ChooseCustomer conversation={message.conversation_id} who={forwarded.from} />}>
          {t('facts.forwarded', { sender, name: forwarded.from.name || forwarded.from.address, address: forwarded.from.address })}
        </Line>
      )}
      {reply_to && (
        <Line icon="reply" action={<ChooseCustomer conversation={message.conversation_id} who={reply_to} />}>
          {t('facts.reply_to', { address: reply_to.address })}
        </Line>
      )}
      {rule && rule.source !== 'sender' && (
        <Line icon="info">{t('facts.rule', { address: rule.from.address, rule: rule.name, source: t(`facts.source_${rule.source}`) })}</Line>
      )}
      {complaints?.map((one) => <Line key={one.recipient} tone="bad" icon="flag">{t('facts.complaint', { address: one.recipient })}</Line>)}
      {facts.cut && <Line tone="warn" icon="info">{t('facts.cut')}</Line>}
      {invitation && <InvitationCard invitation={invitation} />}
      {(facts.trackers ?? 0) > 0 && <Line icon="eye">{t('facts.trackers', { count: facts.trackers! })}</Line>}
    </div>
  );
}

function Line({ icon, tone, action, children }: { icon: IconName; tone?: 'ok' | 'warn' | 'bad'; action?: ReactNode; children: ReactNode }) {
  return (
    <div className={clsx(css.line, tone && css[tone])} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={icon} size={14} />
      <span className={css.words}>{children}</span>
      {action}
    </div>
  );
}

type DoubtFacts = NonNullable<Facts['doubt']>;

function Doubt({ doubt, address }: { doubt: DoubtFacts; address: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const domain = doubt.dmarc?.domain || address.split('@')[1] || address;
  const says = doubt.reasons.map((reason) => {
    if (reason === 'dmarc_failed') return t(doubt.forged ? 'facts.forged' : 'facts.list_broken', { domain });
    if (reason === 'own_address') return t('facts.own_address', { address });
    return t('facts.named', { named: doubt.named ?? '', address });
  });
  const results = [
    doubt.spf && { name: t('facts.spf'), ...doubt.spf },
    ...(doubt.dkim ?? []).map((one) => ({ name: t('facts.dkim'), ...one })),
    doubt.dmarc && { name: t('facts.dmarc'), ...doubt.dmarc },
  ].filter((one) => one !== undefined);
  const policy = doubt.policy ? policyWords[doubt.policy] : undefined;
  return (
    <div className={clsx(css.line, doubt.forged ? css.bad : css.warn)} role={doubt.forged ? 'alert' : 'note'}>
      <Icon name="warn" size={14} />
      <div className={css.words}>
        {says.map((text) => <p key={text}>{text}</p>)}
        {results.length > 0 && (
          <>
            <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'facts.less' : 'facts.more')}</button>
            {open && (
              <ul className={css.results}>
                {policy && <li>{t(policy, { domain })}</li>}
                {results.map((one, at) => <li key={at}><b>{one.name}</b> {t(resultWords[one.result] ?? 'facts.result_none', { domain: one.domain || '–' })}</li>)}
              </ul>
            )}
          </>
        )}
      </div>
    </div>
  );
}

const policyWords: Record<string, MessageKey> = { none: 'facts.policy_none', quarantine: 'facts.policy_quarantine', reject: 'facts.policy_reject' };

const resultWords: Record<string, MessageKey> = {
  pass: 'facts.result_pass', fail: 'facts.result_fail', softfail: 'facts.result_fail', neutral: 'facts.result_neutral',
  none: 'facts.result_none', temperror: 'facts.result_error', permerror: 'facts.result_error',
};

function SignatureLine({ signature, address }: { signature: NonNullable<Facts['signature']>; address: string }) {
  const t = useT();
  const { state, chain, signer, issuer, from_signer: fromSigner } = signature;
  const values = { signer, issuer, address };
  if (state === 'unreadable') return <Line tone="warn" icon="seal">{t('facts.signature_unreadable')}</Line>;
  if (state === 'broken') return <Line tone="bad" icon="seal">{t('facts.signature_broken', values)}</Line>;
  const good = chain === 'known' && fromSigner;
  const title = signature.valid_until ? t('facts.valid_until', { time: fullTime(signature.valid_until) }) : undefined;
  const chains: Record<string, MessageKey> = { unknown: 'facts.chain_unknown', self_signed: 'facts.chain_self', expired: 'facts.chain_expired', known: 'facts.chain_known' };
  return (
    <Line tone={good ? 'ok' : 'warn'} icon="seal">
      <span title={title}>{t('facts.signature_intact', values)} {t(chains[chain] ?? 'facts.chain_unknown', values)} {!fromSigner && t('facts.other_signer', values)}</span>
    </Line>
  );
}
