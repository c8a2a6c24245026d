import { t, type MessageKey } from '@/lib/i18n';
import type { Health, SignInService } from './queries';
import type { Provider } from './servers';

export type ServiceKey = SignInService['key'];

const names: Record<ServiceKey, MessageKey> = { google: 'services.google', microsoft: 'services.microsoft', other: 'services.other' };

export const serviceName = (key: ServiceKey) => t(names[key]);

/** Where the owner of a provider's mailbox allows its use. */
export function serviceOf(provider: Provider): ServiceKey {
  return provider === 'google' || provider === 'microsoft' ? provider : 'other';
}

/** The same, by the name of the mail server; the program decides as this does. */
export function serviceOfHost(host: string): ServiceKey {
  if (/(^|\.)(gmail|googlemail|google)\.com$/i.test(host.trim())) return 'google';
  return /(^|\.)(office365|outlook)\.com$/i.test(host.trim()) ? 'microsoft' : 'other';
}

/** Why a mailbox without a standing consent is not read. */
export function consentText({ provider, state }: NonNullable<Health['consent']>): string {
  const service = serviceName(provider);
  return state === 'revoked' ? t('inboxes.consent_revoked', { service }) : t('inboxes.consent_missing', { service });
}
