import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rolesQuery, sessionQuery } from '@/api/directory';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { Two } from '@/ui/Page';
import { LinkDialog } from './LinkDialog';
import css from './People.module.css';
import { PlaceFields, type Place } from './PlaceFields';
import { people, teamKeys, type InviteLink } from './queries';

/** Invites somebody: by mail when the installation can send, and in any case by a link to copy. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: session } = useQuery(sessionQuery);
  const [made, setMade] = useState<InviteLink>();
  const write = useWrite(people.invite, { renews: [teamKeys.invitations], handled: true });
  const usual = roles.find(({ key }) => key === 'agent')?.id ?? 0;
  const start: Place & { email: string; name: string } = {
    email: '', name: '', role_id: usual, team_ids: [], inboxes: [],
  };
  const form = useForm(start, {
    check: ({ email }) => ({ email: /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : t('session.email_wrong') }),
    save: async (values) => setMade(await write.mutateAsync({ ...values, email: values.email.trim() })),
  });
  if (made) return <InvitedDialog made={made} onClose={onClose} />;
  return (
    <Dialog
      title={t('people.invite_title')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{session?.mail ? t('people.send_invitation') : t('people.make_link')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Two>
          <Input label={t('session.email')} type="email" autoComplete="off" {...form.text('email')} />
          <Input label={t('people.name_optional')} autoComplete="off" {...form.text('name')} />
        </Two>
        {session && !session.mail && <p className={css.note}>{t('people.no_sender')} <Link to="/settings/mail-sender">{t('people.connect_sender')}</Link></p>}
        <PlaceFields value={form.values} error={form.errorOf('role_id')} onChange={form.change} />
      </form>
    </Dialog>
  );
}

/** The invitation was made: a mail is on its way, or there is only the link. */
export function InvitedDialog({ made, onClose }: { made: InviteLink; onClose: () => void }) {
  const t = useT();
  return (
    <LinkDialog
      title={t('people.invited_title', { email: made.email })} text={made.mailed ? t('people.mailed_text') : t('people.link_text')}
      link={made.link} expiresAt={made.expires_at} onClose={onClose}
    />
  );
}
