import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery, directoryKeys, teamsQuery } from '@/api/directory';
import type { Agent, Team } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { Checkbox } from '@/ui/Toggle';
import css from './People.module.css';
import { teams } from './queries';

export function TeamsPage() {
  const t = useT();
  const [open, setOpen] = useState<Team | 'new'>();
  const [leaving, setLeaving] = useState<Team>();
  const list = useWaiting(teamsQuery);
  const { data: agents = [] } = useQuery(agentsQuery);
  const remove = useWrite(teams.remove, { renews: [directoryKeys.teams, directoryKeys.counts] });
  return (
    <Page title={t('settings.teams')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{t('teams.new')}</Button>}>
      <p className="muted">{t('teams.text')}</p>
      <Awaited of={list} bones={<RowBones />}>
        {(all) => all.length === 0 ? (
          <EmptyState title={t('teams.none')} actions={<Button onClick={() => setOpen('new')}>{t('teams.new')}</Button>}>{t('teams.none_text')}</EmptyState>
        ) : (
          <Rows label={t('settings.teams')}>
            {all.map((team) => (
              <Row
                key={team.id} lead={<Icon name="users" size={20} className="muted" />} title={<bdi>{team.name}</bdi>} onOpen={() => setOpen(team)}
                detail={t('teams.members', { count: team.agent_ids.length })}
                end={
                  <>
                    <Faces agents={agents.filter(({ id }) => team.agent_ids.includes(id))} />
                    <IconButton icon="trash" label={t('teams.delete_of', { name: team.name })} onClick={() => setLeaving(team)} />
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Awaited>
      {open && <TeamDialog team={open === 'new' ? undefined : open} agents={agents} onClose={() => setOpen(undefined)} />}
      {leaving && (
        <Confirm
          title={t('teams.delete_title', { name: leaving.name })} text={t('teams.delete_text')} label={t('ui.delete')}
          onYes={() => remove.mutate(leaving.id)} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}

function Faces({ agents }: { agents: Agent[] }) {
  return (
    <span className={css.faces} aria-hidden="true">
      {agents.slice(0, 5).map((agent) => <Avatar key={agent.id} name={agent.name} seed={agent.id} size={22} kind="agent" />)}
      {agents.length > 5 && <span className={css.rest}>{`+${agents.length - 5}`}</span>}
    </span>
  );
}

function TeamDialog({ team, agents, onClose }: { team?: Team; agents: Agent[]; onClose: () => void }) {
  const t = useT();
  const write = useWrite((body: { name: string; agent_ids: number[] }) => (team ? teams.change({ id: team.id, ...body }) : teams.create(body)), {
    renews: [directoryKeys.teams, directoryKeys.agents, directoryKeys.me], handled: true,
  });
  const form = useForm({ name: team?.name ?? '', agent_ids: team?.agent_ids ?? [] }, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async (values) => {
      await write.mutateAsync(values);
      onClose();
    },
  });
  const members = form.values.agent_ids;
  const toggle = (id: number) => form.set('agent_ids', members.includes(id) ? members.filter((one) => one !== id) : [...members, id]);
  return (
    <Dialog
      title={team ? t('teams.edit') : t('teams.new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{team ? t('ui.save') : t('teams.create')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('teams.name')} {...form.text('name')} />
        <fieldset className={css.ticks}>
          <legend>{t('teams.who')}</legend>
          {agents.filter(({ active, id }) => active || members.includes(id)).map((agent) => (
            <Checkbox key={agent.id} checked={members.includes(agent.id)} onChange={() => toggle(agent.id)}>
              <span className={css.person}><Avatar name={agent.name} seed={agent.id} kind="agent" /><bdi>{agent.name}</bdi></span>
            </Checkbox>
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}
