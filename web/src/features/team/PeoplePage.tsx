import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { agentsQuery, directoryKeys, meQuery, rolesQuery, sessionQuery, teamsQuery } from '@/api/directory';
import type { Agent, Invitation } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { setSearch, type PageProps } from '@/lib/router';
import { Avatar } from '@/ui/Avatar';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Confirm } from '@/ui/Confirm';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Page, Section } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { AgentDialog } from './AgentDialog';
import { EverybodySection } from './EverybodySection';
import { InviteDialog, InvitedDialog } from './InviteDialog';
import { LinkDialog } from './LinkDialog';
import css from './People.module.css';
import { invitationsQuery, people, teamKeys, type InviteLink, type ResetLink } from './queries';
import { SessionsDialog } from './SessionsDialog';
import { roleName } from './words';

/** Who works here, who is invited, and what each may do. */
export function PeoplePage({ search }: PageProps<'/settings/people'>) {
  const t = useT();
  const agents = useWaiting(agentsQuery);
  const [open, setOpen] = useState<Agent>();
  const [reset, setReset] = useState<{ agent: Agent; link: ResetLink }>();
  const [sent, setSent] = useState<InviteLink>();
  const invite = (on: boolean) => setSearch<'/settings/people'>({ invite: on || undefined });
  return (
    <Page title={t('settings.people')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => invite(true)}>{t('people.invite')}</Button>}>
      <Awaited of={agents} bones={<RowBones count={4} />}>
        {(all) => (
          <>
            <Rows label={t('settings.people')}>
              {all.filter(({ active }) => active).map((agent) => <Person key={agent.id} agent={agent} onOpen={setOpen} onReset={setReset} />)}
            </Rows>
            <Invitations onAgain={setSent} />
            <EverybodySection />
            {all.some(({ active }) => !active) && (
              <Section title={t('people.inactive')} help={t('people.inactive_text')}>
                <Rows label={t('people.inactive')}>
                  {all.filter(({ active }) => !active).map((agent) => <Person key={agent.id} agent={agent} onOpen={setOpen} onReset={setReset} />)}
                </Rows>
              </Section>
            )}
          </>
        )}
      </Awaited>
      {open && <AgentDialog agent={open} onClose={() => setOpen(undefined)} />}
      {search.invite && <InviteDialog onClose={() => invite(false)} />}
      {sent && <InvitedDialog made={sent} onClose={() => setSent(undefined)} />}
      {reset && (
        <LinkDialog
          title={t('people.reset_title', { name: reset.agent.name })} text={t('people.reset_text')} link={reset.link.link}
          expiresAt={reset.link.expires_at} onClose={() => setReset(undefined)}
        />
      )}
    </Page>
  );
}

interface PersonProps {
  agent: Agent;
  onOpen: (agent: Agent) => void;
  onReset: (reset: { agent: Agent; link: ResetLink }) => void;
}

function Person({ agent, onOpen, onReset }: PersonProps) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: roles } = useQuery(rolesQuery);
  const { data: teams } = useQuery(teamsQuery);
  const now = useNow();
  const seen = ` · ${agent.last_seen_at ? t('people.seen', { ago: relativeTime(agent.last_seen_at, now) }) : t('people.never_seen')}`;
  const names = teams?.filter(({ id }) => agent.team_ids.includes(id)).map(({ name }) => name) ?? [];
  return (
    <Row
      stacks lead={<Avatar name={agent.name} seed={agent.id} size={28} kind="agent" />}
      title={<bdi>{agent.name}</bdi>} quiet={!agent.active} onOpen={() => onOpen(agent)}
      detail={<><bdi>{agent.email}</bdi>{agent.active && seen}</>}
      end={
        <>
          {agent.id === me?.id && <Chip tone="accent">{t('people.you')}</Chip>}
          {agent.second_step && <Chip icon="shield">{t('people.second_step')}</Chip>}
          {names.slice(0, 2).map((name) => <Chip key={name}><bdi>{name}</bdi></Chip>)}
          {names.length > 2 && <Chip>{`+${names.length - 2}`}</Chip>}
          <Chip tone="fill">{roleName(roles?.find(({ id }) => id === agent.role_id))}</Chip>
          <PersonMenu agent={agent} mine={agent.id === me?.id} onOpen={onOpen} onReset={onReset} />
        </>
      }
    />
  );
}

function PersonMenu({ agent, mine, onOpen, onReset }: PersonProps & { mine: boolean }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [asks, setAsks] = useState<'leave' | 'sessions' | 'step'>();
  const change = useWrite(people.change, { renews: [directoryKeys.agents] });
  const step = useWrite(people.resetSecondStep, { renews: [directoryKeys.agents] });
  const link = useWrite(people.resetLink);
  const activate = (active: boolean) =>
    change.mutate({ id: agent.id, active }, {
      onSuccess: () => toast({ text: active ? t('people.activated', { name: agent.name }) : t('people.deactivated', { name: agent.name }) }),
    });
  const items: MenuItem[] = [{ label: t('people.edit'), icon: 'pencil', run: () => onOpen(agent) }];
  if (agent.active) items.push({ label: t('people.reset'), icon: 'link', run: () => link.mutate(agent.id, { onSuccess: (made) => onReset({ agent, link: made }) }) });
  if (agent.active) items.push({ label: t('people.sessions'), icon: 'globe', run: () => setAsks('sessions') });
  if (agent.second_step) items.push({ label: t('people.reset_step'), icon: 'shield', run: () => setAsks('step') });
  if (!mine && agent.active) items.push({ label: t('people.deactivate'), icon: 'leave', separated: true, danger: true, run: () => setAsks('leave') });
  if (!agent.active) items.push({ label: t('people.activate'), icon: 'undo', run: () => activate(true) });
  return (
    <>
      <IconButton ref={anchor} icon="more" label={t('people.more_of', { name: agent.name })} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(true)} />
      {open && <Menu anchor={anchor} label={agent.name} align="end" items={items} onClose={() => setOpen(false)} />}
      {asks === 'sessions' && <SessionsDialog agent={agent} onClose={() => setAsks(undefined)} />}
      {asks === 'leave' && (
        <Confirm
          title={t('people.deactivate_title', { name: agent.name })} text={t('people.deactivate_text')} label={t('people.deactivate')}
          onYes={() => activate(false)} onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'step' && (
        <Confirm
          title={t('people.reset_step_title', { name: agent.name })} text={t('people.reset_step_text')} label={t('step.turn_off')}
          onYes={() => step.mutate(agent.id, { onSuccess: () => toast({ text: t('people.step_was_reset', { name: agent.name }) }) })}
          onClose={() => setAsks(undefined)}
        />
      )}
    </>
  );
}

function Invitations({ onAgain }: { onAgain: (made: InviteLink) => void }) {
  const t = useT();
  const now = useNow();
  const { data: roles } = useQuery(rolesQuery);
  const { data: session } = useQuery(sessionQuery);
  const { data: invitations } = useQuery(invitationsQuery);
  const resend = useWrite(people.resend, { renews: [teamKeys.invitations] });
  const withdraw = useWrite(people.withdraw, { renews: [teamKeys.invitations] });
  if (!invitations?.length) return null;
  return (
    <Section title={t('people.invited')} help={t('people.invited_text')}>
      <Rows label={t('people.invited')}>
        {invitations.map((invitation) => (
          <Row
            key={invitation.id} stacks lead={<Icon name="mail" size={20} className="muted" />}
            title={<bdi>{invitation.email}</bdi>}
            detail={
              <>
                {t('people.invitation_detail', {
                  role: roleName(roles?.find(({ id }) => id === invitation.role_id)), when: relativeTime(invitation.expires_at, now),
                })}
                {invitation.mail?.state === 'failed' && <div className={css.failed}>{t('people.mail_failed', { reason: invitation.mail.error })}</div>}
              </>
            }
            end={
              <>
                <MailChip invitation={invitation} />
                <Button size="sm" onClick={() => resend.mutate(invitation.id, { onSuccess: onAgain })}>{session?.mail ? t('people.resend') : t('people.new_link')}</Button>
                <Button size="sm" variant="ghost" onClick={() => withdraw.mutate(invitation.id)}>{t('people.withdraw')}</Button>
              </>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}

/** How far the mail with the link got. */
function MailChip({ invitation }: { invitation: Invitation }) {
  const t = useT();
  if (invitation.mail?.state === 'sent') return <Chip tone="ok" icon="check">{t('people.mail_sent')}</Chip>;
  if (invitation.mail?.state === 'queued') return <Chip icon="clock">{t('people.mail_queued')}</Chip>;
  return invitation.mail && <Chip tone="bad">{t('people.mail_not_sent')}</Chip>;
}
