import type { Message } from '@/api/types';
import type { MessageKey, Translate } from '@/lib/i18n';

/** A sentence of the catalog with what stands in it. plain names the values that choose words and are not shown. */
export interface EventWords {
  key: MessageKey;
  values: Record<string, string>;
  plain?: string[];
}

interface Reader {
  t: Translate;
  moment: (at: string) => string;
}

const statuses = new Set(['open', 'pending', 'closed', 'spam', 'trash', 'snoozed']);

/** The sentence for an event; undefined for one that says nothing the thread does not show anyway. */
export function eventWords(message: Message, { t, moment }: Reader): EventWords | undefined {
  const { name, data } = message.event ?? { name: '', data: {} };
  const by = message.author.type === 'agent' ? 'agent' : 'system';
  const who = message.author.name;
  const say = (key: MessageKey, values: Record<string, string> = {}): EventWords => ({ key, values: { by, who, ...values }, plain: ['by'] });
  const text = (field: string) => (data[field] === null || data[field] === undefined ? '' : String(data[field]));

  switch (name) {
    case 'conversation_created':
      return say('event.created');
    case 'status_changed':
      return statuses.has(text('to')) ? say(`event.${text('to') as 'open'}`) : undefined;
    case 'assigned':
      return assigned(message, say, text);
    case 'team_changed': {
      const team = text('to_name') || nameIn(data, 'to');
      return team ? say('event.team', { team }) : say('event.no_team');
    }
    case 'tagged':
      return tagged(data, say);
    case 'priority_changed':
      return say('event.priority', { priority: t(`priority.${text('to') as 'low'}`) });
    case 'snoozed':
      if (data.unanswered) return say('event.waits', { time: moment(text('until')) });
      return data.until ? say('event.snoozed', { time: moment(text('until')) }) : say('event.snoozed_open');
    case 'unsnoozed':
      return say(data.unanswered ? 'event.unanswered' : 'event.unsnoozed');
    case 'subject_changed':
      return say('event.subject', { subject: text('to') });
    case 'field_changed':
      return say(text('to') ? 'event.field' : 'event.field_empty', { field: text('label'), value: text('to') });
    case 'linked':
      return say('event.linked', { number: text('number') || text('conversation_id') });
    case 'unlinked':
      return say('event.unlinked', { number: text('number') });
    case 'merged':
    case 'unmerged':
    case 'split':
      return say(data.into ? `event.${name}_into` : `event.${name}`, { number: text('number') || text('conversation_id') });
    case 'inbox_changed':
      return say('event.inbox', { inbox: text('to_name') });
    case 'later_cancelled':
      return say('event.later_cancelled', { name: text('name') });
    case 'delivery_failed':
      return say('event.delivery_failed', { reason: text('reason') });
    case 'bounced':
      return text('reason')
        ? say('event.bounced_said', { address: text('recipient'), reason: text('reason') })
        : say('event.bounced', { address: text('recipient') });
    case 'complained':
      return say('event.complained', { address: text('recipient') });
    case 'side_started':
      return say('event.side_started', { subject: text('subject'), to: text('to') });
    case 'side_answered':
      return say('event.side_answered', { subject: text('subject'), name: text('name') });
    case 'side_failed':
      return say('event.side_failed', { subject: text('subject'), reason: text('reason') });
    case 'side_done':
    case 'side_reopened':
      return say(`event.${name}`, { subject: text('subject') });
    case 'customer_changed':
      return say('event.customer', { name: text('to_name') || text('to_address') });
    default:
      return undefined;
  }
}

type Say = (key: MessageKey, values?: Record<string, string>) => EventWords;

function assigned(message: Message, say: Say, text: (field: string) => string): EventWords {
  const to = text('to_name') || nameIn(message.event!.data, 'to');
  if (text('reason') === 'left') {
    const values = { from: text('from_name'), team: text('team_name') };
    return say(values.team ? 'event.left_team' : 'event.left', values);
  }
  if (!Number(message.event!.data.to)) return say('event.unassigned');
  if (Number(message.event!.data.to) === message.author.id && message.author.type === 'agent') return say('event.assigned_self');
  return say('event.assigned', { to });
}

function tagged(data: Record<string, unknown>, say: Say): EventWords | undefined {
  const list = (field: string) => (Array.isArray(data[field]) ? (data[field] as string[]).join(', ') : '');
  const added = list('added');
  const removed = list('removed');
  if (added && removed) return say('event.retagged', { added, removed });
  if (added) return say('event.tagged', { added });
  return removed ? say('event.untagged', { removed }) : undefined;
}

function nameIn(data: Record<string, unknown>, field: string): string {
  const names = data.names as Record<string, string> | undefined;
  return names?.[field] ?? names?.[String(data[field])] ?? '';
}
