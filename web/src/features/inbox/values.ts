import type { Inbox, InboxAccess, Id } from '@/api/types';
import type { InboxBody } from './queries';
import { bodyOf, serversOf, type ServerValues } from './servers';

/** All that can be set of an inbox, as its form holds it. */
export interface InboxValues extends ServerValues {
  name: string;
  address: string;
  /** Every address of the domain is this inbox's. */
  catch_all: boolean;
  mask_cards: boolean;
  'sending.link_over_mb': string;
  'sending.hourly_limit': string;
  'sending.daily_limit': string;
  'sending.warm_up': boolean;
  /** One per line. */
  aliases: string;
  from_name: string;
  from_style: Inbox['from_style'];
  signature: string;
  footer: string;
  after_reply: Inbox['after_reply'];
  reopen_days: string;
  languages: string[];
  default_access: InboxAccess;
  members: { agent_id: Id; access: InboxAccess }[];
  /** One per line. */
  trusted_authserv_ids: string;
}

// No limit is an empty field.
const numberOf = (limit: number) => (limit ? String(limit) : '');

export function valuesOf(inbox: Inbox): InboxValues {
  return {
    ...serversOf(inbox), catch_all: inbox.catch_all, mask_cards: inbox.mask_cards, 'sending.link_over_mb': String(inbox.sending.link_over_mb || 15),
    'sending.hourly_limit': numberOf(inbox.sending.hourly_limit), 'sending.daily_limit': numberOf(inbox.sending.daily_limit),
    'sending.warm_up': inbox.sending.warm_up_since !== null, name: inbox.name, address: inbox.address, aliases: inbox.aliases.join('\n'), from_name: inbox.from_name,
    from_style: inbox.from_style, signature: inbox.signature, footer: inbox.footer, after_reply: inbox.after_reply,
    reopen_days: String(inbox.reopen_days), languages: inbox.languages, default_access: inbox.default_access, members: inbox.members,
    trusted_authserv_ids: inbox.trusted_authserv_ids.join('\n'),
  };
}

export function bodyFrom(values: InboxValues): InboxBody {
  return {
    ...bodyOf(values), catch_all: values.catch_all, mask_cards: values.mask_cards,
    sending: {
      link_over_mb: Number(values['sending.link_over_mb']) || 0, hourly_limit: Number(values['sending.hourly_limit']) || 0,
      daily_limit: Number(values['sending.daily_limit']) || 0, warm_up: values['sending.warm_up'],
    },
    name: values.name.trim(), address: values.address.trim(),
    aliases: values.aliases.split(/[\s,]+/).filter(Boolean), from_name: values.from_name.trim(), from_style: values.from_style,
    signature: values.signature, footer: values.footer, after_reply: values.after_reply, reopen_days: Number(values.reopen_days),
    languages: values.languages, default_access: values.default_access, members: values.members,
    trusted_authserv_ids: values.trusted_authserv_ids.split(/[\s,]+/).filter(Boolean),
  };
}
