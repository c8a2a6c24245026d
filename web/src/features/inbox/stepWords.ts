import { t, type MessageKey } from '@/lib/i18n';
import type { TestStep } from './queries';

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
