import type { InboxAccess, Permission, Role } from '@/api/types';
import { t, type MessageKey } from '@/lib/i18n';

const roles: Record<string, MessageKey> = {
  owner: 'role.owner', admin: 'role.admin', lead: 'role.lead', agent: 'role.agent', light_agent: 'role.light_agent',
};

/** A role in the reader's language; roles of the shop's own keep their name. */
export function roleName(role: Pick<Role, 'key' | 'name'> | undefined): string {
  if (!role) return '';
  const key = roles[role.key];
  return key ? t(key) : role.name;
}

const accessKeys: Record<InboxAccess, MessageKey> = {
  all: 'access.all', team: 'access.team', own: 'access.own', none: 'access.none',
};

export const accessLevels: InboxAccess[] = ['all', 'team', 'own', 'none'];

export function accessName(access: InboxAccess): string {
  return t(accessKeys[access]);
}

/** The permissions in the groups and the order in which people look for them. */
export const permissionGroups: { title: MessageKey; permissions: { name: Permission; title: MessageKey }[] }[] = [
  {
    title: 'permission.group_conversations',
    permissions: [
      { name: 'conversations:read', title: 'permission.conversations_read' },
      { name: 'conversations:reply', title: 'permission.conversations_reply' },
      { name: 'conversations:note', title: 'permission.conversations_note' },
      { name: 'conversations:update', title: 'permission.conversations_update' },
      { name: 'conversations:merge', title: 'permission.conversations_merge' },
      { name: 'conversations:delete', title: 'permission.conversations_delete' },
      { name: 'conversations:see_all', title: 'permission.conversations_see_all' },
      { name: 'customers:read', title: 'permission.customers_read' },
      { name: 'customers:write', title: 'permission.customers_write' },
      { name: 'customers:merge', title: 'permission.customers_merge' },
      { name: 'customers:export', title: 'permission.customers_export' },
      { name: 'customers:erase', title: 'permission.customers_erase' },
      { name: 'holds:manage', title: 'permission.holds_manage' },
      { name: 'search:read', title: 'permission.search_read' },
    ],
  },
  {
    title: 'permission.group_admin',
    permissions: [
      { name: 'inboxes:manage', title: 'permission.inboxes_manage' },
      { name: 'agents:manage', title: 'permission.agents_manage' },
      { name: 'teams:manage', title: 'permission.teams_manage' },
      { name: 'tags:manage', title: 'permission.tags_manage' },
      { name: 'replies:manage', title: 'permission.replies_manage' },
      { name: 'views:manage', title: 'permission.views_manage' },
      { name: 'settings:manage', title: 'permission.settings_manage' },
      { name: 'jobs:manage', title: 'permission.jobs_manage' },
      { name: 'ledger:read', title: 'permission.ledger_read' },
      { name: 'audit:read', title: 'permission.audit_read' },
    ],
  },
  {
    title: 'permission.group_programs',
    permissions: [
      { name: 'apikeys:manage', title: 'permission.apikeys_manage' },
      { name: 'mail:ingest', title: 'permission.mail_ingest' },
      { name: 'events:read', title: 'permission.events_read' },
      { name: 'metrics', title: 'permission.metrics' },
    ],
  },
];
