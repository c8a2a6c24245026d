import { clsx } from 'clsx';
import type { MailFacts } from '@/api/types';
import { intlLocale, useT, type MessageKey } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import css from './MailFacts.module.css';

type Invitation = NonNullable<MailFacts['invitation']>;

const states: Record<string, MessageKey> = {
  accepted: 'facts.accepted', declined: 'facts.declined', tentative: 'facts.tentative', delegated: 'facts.delegated', needs_action: 'facts.needs_action',
};
const repeats: Record<string, MessageKey> = { daily: 'facts.daily', weekly: 'facts.weekly', monthly: 'facts.monthly', yearly: 'facts.yearly' };

/** An appointment: what, when in the reader's own time, where, and who comes. */
export function InvitationCard({ invitation }: { invitation: Invitation }) {
  const t = useT();
  const { method, summary, location, organizer, attendees, cancelled, note } = invitation;
  const title = cancelled ? 'facts.invitation_cancelled' : method === 'reply' ? 'facts.invitation_reply' : method === 'counter' ? 'facts.invitation_counter' : 'facts.invitation';
  const shown = attendees.slice(0, 12);
  return (
    <section className={css.card} aria-label={t(title)}>
      <header>
        <Icon name="cal" size={16} />
        <div>
          <span className={clsx(css.kind, cancelled && css.gone)}>{t(title)}</span>
          <h4 dir="auto" className={clsx(cancelled && css.struck)}>{summary || t('row.no_subject')}</h4>
        </div>
      </header>
      <dl className={css.lines}>
        {invitation.start && <div><dt>{t('facts.when')}</dt><dd>{when(invitation, t)}{repeats[invitation.repeats] && ` · ${t(repeats[invitation.repeats]!)}`}</dd></div>}
        {location && <div><dt>{t('facts.where')}</dt><dd dir="auto">{location}</dd></div>}
        {organizer && <div><dt>{t('facts.organizer')}</dt><dd><bdi>{organizer.name || organizer.address}</bdi></dd></div>}
        {attendees.length > 0 && (
          <div>
            <dt>{t('facts.attendees')}</dt>
            <dd>
              <ul>
                {shown.map((one, at) => (
                  <li key={at}><bdi>{one.name || one.address}</bdi>{states[one.state] && <span className="faint"> · {t(states[one.state]!)}</span>}</li>
                ))}
                {attendees.length > shown.length && <li className="faint">{t('facts.more_people', { count: attendees.length - shown.length })}</li>}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      {note && <p className={css.note} dir="auto">{note}</p>}
    </section>
  );
}

function when({ start, end, all_day: allDay, floating }: Invitation, t: ReturnType<typeof useT>): string {
  const from = new Date(start!);
  const to = new Date(end ?? start!);
  const locale = intlLocale();
  if (allDay) {
    const last = new Date(Math.max(from.getTime(), to.getTime() - 86_400_000));
    return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).formatRange(from, last);
  }
  const zone = floating ? 'UTC' : undefined;
  const text = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).formatRange(from, to);
  return floating ? t('facts.floating', { time: text }) : t('facts.your_time', { time: text, zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
}
