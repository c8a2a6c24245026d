import { t, type MessageKey } from '@/lib/i18n';

// The actions that the services record; a newer one shows its own name.
const actions: Record<string, MessageKey> = {
  'agent.created': 'audit.agent_created', 'agent.changed': 'audit.agent_changed', 'agent.deactivated': 'audit.agent_deactivated',
  'agent.activated': 'audit.agent_activated', 'agent.reset_link_made': 'audit.agent_reset_link', 'agent.session_ended': 'audit.agent_session_ended',
  'agent.sessions_ended': 'audit.agent_sessions_ended', 'agent.second_step_on': 'audit.agent_step_on', 'agent.second_step_off': 'audit.agent_step_off',
  'agent.recovery_code_used': 'audit.agent_recovery_code', 'invitation.created': 'audit.invitation_created', 'invitation.resent': 'audit.invitation_resent',
  'invitation.withdrawn': 'audit.invitation_withdrawn', 'role.created': 'audit.role_created', 'role.changed': 'audit.role_changed',
  'role.deleted': 'audit.role_deleted', 'team.created': 'audit.team_created', 'team.changed': 'audit.team_changed', 'team.deleted': 'audit.team_deleted',
  'tag.created': 'audit.tag_created', 'tag.changed': 'audit.tag_changed', 'tag.deleted': 'audit.tag_deleted', 'inbox.created': 'audit.inbox_created',
  'inbox.changed': 'audit.inbox_changed', 'inbox.archived': 'audit.inbox_archived', 'brand.changed': 'audit.brand_changed',
  'api_key.created': 'audit.key_created', 'api_key.revoked': 'audit.key_revoked', 'settings.mail_sender': 'audit.sender_changed',
  'settings.translation': 'audit.translation_changed',
  'settings.security': 'audit.security_changed', 'custom_field.created': 'audit.field_created', 'custom_field.changed': 'audit.field_changed',
  'settings.spam': 'audit.spam_changed', 'rule.created': 'audit.rule_created', 'rule.changed': 'audit.rule_changed', 'rule.deleted': 'audit.rule_deleted',
  'rule.ordered': 'audit.rule_ordered', 'job.retried': 'audit.job_retried', 'job.discarded': 'audit.job_discarded', 'key.rotated': 'audit.key_rotated',
  'sender.blocked': 'audit.sender_blocked', 'sender.allowed': 'audit.sender_allowed', 'sender.unlisted': 'audit.sender_unlisted',
  'data.backed_up': 'audit.data_backed_up', 'data.restored': 'audit.data_restored', 'inbox.consented': 'audit.inbox_consented',
  'mail_provider.changed': 'audit.provider_changed', 'import.begun': 'audit.import_begun', 'import.running': 'audit.import_running',
  'import.paused': 'audit.import_paused', 'import.cancelled': 'audit.import_cancelled', 'message.unsealed': 'audit.message_unsealed',
  'customer.merged': 'audit.customer_merged', 'customer.unmerged': 'audit.customer_unmerged',
  'customer.export_asked': 'audit.customer_export', 'customer.erase_asked': 'audit.customer_erase', 'customer.erased': 'audit.customer_erased',
  'attachment.released': 'audit.attachment_released', 'attachment.withheld': 'audit.attachment_withheld', 'attachment.unsealed': 'audit.attachment_unsealed', 'attachment.infected': 'audit.attachment_infected',
  'hold.placed': 'audit.hold_placed', 'hold.released': 'audit.hold_released',
  'tone_rule.created': 'audit.tone_created', 'tone_rule.changed': 'audit.tone_changed', 'tone_rule.deleted': 'audit.tone_deleted', 'tone_rule.restored': 'audit.tone_restored',
  'business_hours.created': 'audit.hours_created', 'business_hours.changed': 'audit.hours_changed', 'business_hours.deleted': 'audit.hours_deleted', 'business_hours.restored': 'audit.hours_restored',
};

export function actionName(action: string): string {
  const key = actions[action];
  return key ? t(key) : action;
}

export const subjects: Record<string, MessageKey> = {
  agent: 'settings.people', invitation: 'people.invited', role: 'settings.roles', team: 'settings.teams', inbox: 'settings.inboxes',
  api_key: 'settings.api_keys', settings: 'nav.settings', rule: 'settings.customer_rules', custom_field: 'settings.fields', tag: 'settings.tags', job: 'settings.jobs', sender: 'settings.spam', data: 'settings.storage', message: 'audit.message', customer: 'nav.customers', conversation: 'customer.conversation', tone_rule: 'settings.tone', business_hours: 'settings.hours',
};

const shown = 160;

/** A value before or after, short enough for a line. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
