import { directoryKeys } from '@/api/directory';
import type { Agent } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import css from './People.module.css';
import { PlaceFields, type Place } from './PlaceFields';
import { people } from './queries';

/** One agent: name, role, teams and inboxes. */
export function AgentDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const t = useT();
  const write = useWrite(people.change, { renews: [directoryKeys.agents, directoryKeys.teams, directoryKeys.me], handled: true });
  const start: Place & { name: string } = { name: agent.name, role_id: agent.role_id, team_ids: agent.team_ids, inboxes: agent.inboxes };
  const form = useForm(start, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    // Only what changed: an unchanged role must not end anybody's sessions.
    save: async (values) => {
      const changes = Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(start[name as keyof typeof start])));
      if (Object.keys(changes).length > 0) await write.mutateAsync({ id: agent.id, ...changes });
      onClose();
    },
  });
  return (
    <Dialog
      title={agent.email} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('people.name')} {...form.text('name')} />
        <PlaceFields value={form.values} error={form.errorOf('role_id')} onChange={form.change} />
        {form.changed.includes('role_id') && <Banner tone="info">{t('people.role_signs_out')}</Banner>}
      </form>
    </Dialog>
  );
}
