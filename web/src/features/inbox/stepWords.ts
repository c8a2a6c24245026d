import { t, type MessageKey } from '@/lib/i18n';
import type { TestStep } from './queries';

// The codes that channel/email gives; a newer one falls back to the server's own sentence.
const codes: Record<string, MessageKey> = {
  busy: 'mailtest.busy', certificate_invalid: 'mailtest.certificate_invalid', certificate_name: 'mailtest.certificate_name',
  certificate_untrusted: 'mailtest.certificate_untrusted', closed: 'mailtest.closed', connected: 'mailtest.connected',
  connection_broken: 'mailtest.connection_broken', dkim_key: 'mailtest.dkim_key', dkim_missing: 'mailtest.dkim_missing',
  dkim_signed: 'mailtest.dkim_signed', dkim_unknown: 'mailtest.dkim_unknown', dns: 'mailtest.dns', folder_found: 'mailtest.folder_found',
  folder_missing: 'mailtest.folder_missing', host_unknown: 'mailtest.host_unknown', idle: 'mailtest.idle', imap_refused: 'mailtest.imap_refused',
  may_send: 'mailtest.may_send', needs_sign_in: 'mailtest.needs_sign_in', needs_tls: 'mailtest.needs_tls', no_idle: 'mailtest.no_idle',
  no_sign_in: 'mailtest.no_sign_in', no_sign_in_needed: 'mailtest.no_sign_in_needed', no_starttls: 'mailtest.no_starttls',
  no_such_recipient: 'mailtest.no_such_recipient', no_tls: 'mailtest.no_tls', policy: 'mailtest.policy', refused: 'mailtest.refused',
  signed_in: 'mailtest.signed_in', smtp_refused: 'mailtest.smtp_refused', temporary: 'mailtest.temporary', timeout: 'mailtest.timeout',
  test_sent: 'mailtest.test_sent', too_large: 'mailtest.too_large', unreachable: 'mailtest.unreachable', wrong_password: 'mailtest.wrong_password',
};

const titles: Record<TestStep['name'], [good: MessageKey, bad: MessageKey]> = {
  imap_connect: ['mailtest.imap_connect', 'mailtest.imap_connect_bad'],
  imap_sign_in: ['mailtest.imap_sign_in', 'mailtest.imap_sign_in_bad'],
  imap_folder: ['mailtest.imap_folder', 'mailtest.imap_folder_bad'],
  imap_idle: ['mailtest.imap_idle', 'mailtest.imap_idle_bad'],
  smtp_connect: ['mailtest.smtp_connect', 'mailtest.smtp_connect_bad'],
  smtp_sign_in: ['mailtest.smtp_sign_in', 'mailtest.smtp_sign_in_bad'],
  smtp_send: ['mailtest.smtp_send', 'mailtest.smtp_send_bad'],
  dkim: ['mailtest.dkim', 'mailtest.dkim_bad'],
};

/** What was tried, in the reader's language. */
export function stepTitle({ name, level, sentence }: TestStep): string {
  const pair = titles[name];
  return pair ? t(pair[level === 'ok' ? 0 : 1]) : sentence;
}

/** What came of it, and what to do. */
export function stepText({ code, args, sentence }: TestStep): string {
  const key = codes[code];
  return key ? t(key, args) : sentence;
}
