import type { AfterFetch, HistoryDays, Inbox, Tls } from '@/api/types';
import type { InboxBody } from './queries';

/** The mail servers as a form holds them; names as the API names them. */
export interface ServerValues {
  /** Mail is fetched from a mailbox; otherwise it is handed in. */
  receives: boolean;
  /** With a password, or with what the mailbox's owner allowed at their provider. */
  auth: SignIn;
  /** Sending signs in as receiving does. */
  same: boolean;
  'imap.host': string;
  'imap.port': string;
  'imap.tls': Tls;
  'imap.username': string;
  /** null: the stored one stays. */
  'imap.password': string | null;
  'imap.folders': string;
  'imap.sent_folder': string;
  'imap.history_days': HistoryDays;
  'imap.read_sent': boolean;
  'imap.rescue': boolean;
  'imap.after_fetch': AfterFetch;
  'imap.move_to': string;
  'smtp.host': string;
  'smtp.port': string;
  'smtp.tls': Tls;
  'smtp.username': string;
  'smtp.password': string | null;
}

export type SignIn = 'password' | 'consent';

export const serverFields = [
  'receives', 'auth', 'same', 'imap.host', 'imap.port', 'imap.tls', 'imap.username', 'imap.password', 'imap.folders', 'imap.sent_folder',
  'smtp.host', 'smtp.port', 'smtp.tls', 'smtp.username', 'smtp.password',
] as const satisfies readonly (keyof ServerValues)[];

export type Provider = 'google' | 'microsoft' | 'fastmail' | 'own' | 'forward';

interface Servers {
  imap: [host: string, port: string, tls: Tls];
  smtp: [host: string, port: string, tls: Tls];
}

const known: Partial<Record<Provider, Servers>> = {
  google: { imap: ['imap.gmail.com', '993', 'tls'], smtp: ['smtp.gmail.com', '465', 'tls'] },
  microsoft: { imap: ['outlook.office365.com', '993', 'tls'], smtp: ['smtp.office365.com', '587', 'starttls'] },
  fastmail: { imap: ['imap.fastmail.com', '993', 'tls'], smtp: ['smtp.fastmail.com', '465', 'tls'] },
};

const domains: Record<string, Provider> = {
  'gmail.com': 'google', 'googlemail.com': 'google', 'outlook.com': 'microsoft', 'hotmail.com': 'microsoft', 'live.com': 'microsoft',
  'office365.com': 'microsoft', 'fastmail.com': 'fastmail', 'fastmail.fm': 'fastmail',
};

export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).trim().toLowerCase();
}

/** Whose mailbox an address is, when its domain tells. */
export function providerOf(address: string): Provider | undefined {
  return domains[domainOf(address)];
}

/** The servers that a provider has for an address. */
export function preset(provider: Provider, address: string): Partial<ServerValues> {
  const domain = domainOf(address);
  const own: Servers = {
    imap: [domain && `imap.${domain}`, '993', 'tls'],
    smtp: [domain && `smtp.${domain}`, '587', 'starttls'],
  };
  const { imap, smtp } = known[provider] ?? own;
  const receives = provider !== 'forward';
  return {
    receives, same: receives, auth: 'password',
    'imap.host': imap[0], 'imap.port': imap[1], 'imap.tls': imap[2], 'imap.username': address.trim(),
    'smtp.host': smtp[0], 'smtp.port': smtp[1], 'smtp.tls': smtp[2], 'smtp.username': address.trim(),
  };
}

/** The servers of an inbox that exists. */
export function serversOf({ imap, smtp }: Pick<Inbox, 'imap' | 'smtp'>): ServerValues {
  return {
    receives: Boolean(imap?.host),
    auth: (imap?.host ? imap : smtp)?.auth ?? 'password',
    same: Boolean(imap?.host) && imap?.username === smtp?.username && imap?.password_set === smtp?.password_set,
    'imap.host': imap?.host ?? '', 'imap.port': String(imap?.port || 993), 'imap.tls': imap?.tls || 'tls', 'imap.username': imap?.username ?? '',
    'imap.password': imap?.password_set ? null : '', 'imap.folders': (imap?.folders ?? []).join(', '),
    'imap.sent_folder': imap?.sent_folder ?? '', 'imap.history_days': imap?.history_days ?? 0,
    'imap.read_sent': imap?.read_sent ?? true, 'imap.rescue': imap?.rescue ?? true, 'imap.after_fetch': imap?.after_fetch ?? 'leave', 'imap.move_to': imap?.move_to ?? '',
    'smtp.host': smtp?.host ?? '', 'smtp.port': String(smtp?.port || 587), 'smtp.tls': smtp?.tls || 'starttls', 'smtp.username': smtp?.username ?? '',
    'smtp.password': smtp?.password_set ? null : '',
  };
}

/** What the API is sent. A password that is null is left out, so that the stored one stays. */
export function bodyOf(values: ServerValues): Pick<InboxBody, 'imap' | 'smtp'> {
  const same = values.same && values.receives;
  const { auth } = values;
  const password = same && values['imap.password'] !== null ? values['imap.password'] : values['smtp.password'];
  return {
    imap: values.receives ? {
      host: values['imap.host'].trim(), port: Number(values['imap.port']) || 0, tls: values['imap.tls'], username: values['imap.username'].trim(),
      auth, ...(auth === 'password' && values['imap.password'] !== null && { password: values['imap.password'] }),
      folders: values['imap.folders'].split(',').map((name) => name.trim()).filter(Boolean),
      sent_folder: values['imap.sent_folder'].trim(), history_days: values['imap.history_days'],
      read_sent: values['imap.read_sent'], rescue: values['imap.rescue'], after_fetch: values['imap.after_fetch'], move_to: values['imap.move_to'].trim(),
    } : { host: '' },
    smtp: {
      host: values['smtp.host'].trim(), port: Number(values['smtp.port']) || 0, tls: values['smtp.tls'],
      username: (same ? values['imap.username'] : values['smtp.username']).trim(),
      auth, ...(auth === 'password' && password !== null && { password }),
    },
  };
}
