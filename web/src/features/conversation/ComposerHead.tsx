import type { Participants } from '@/api/types';
import { keysOf } from '@/lib/commands';
import { useT, Words } from '@/lib/i18n';
import { Segmented } from '@/ui/Segmented';
import type { Content, DraftStatus } from './draft';
import { recipientsOf, shownName } from './recipients';
import css from './Composer.module.css';

interface Props {
  kind: Content['kind'];
  mayReply: boolean;
  content: Content;
  suggested: Participants | undefined;
  status: DraftStatus;
  editing: boolean;
  onKind: (kind: Content['kind']) => void;
  onPeople: () => void;
}

const words = { idle: undefined, unsaved: undefined, saving: 'composer.saving', saved: 'composer.saved', device: 'composer.on_device' } as const;

/** Which mode, whom it goes to, and whether the draft is safe. */
export function ComposerHead({ kind, mayReply, content, suggested, status, editing, onKind, onPeople }: Props) {
  const t = useT();
  const people = recipientsOf(content, suggested);
  const copies = [...people.cc, ...people.bcc];
  const names = (list: typeof copies) => <b><bdi>{list.map(shownName).join(', ') || t('composer.nobody')}</bdi></b>;
  const state = words[status.state];
  return (
    <div className={css.head}>
      <Segmented
        label={t('composer.mode')} value={kind} onChange={onKind}
        options={[
          ...(mayReply ? [{ value: 'reply' as const, label: t('cmd.reply'), icon: 'reply' as const }] : []),
          { value: 'note' as const, label: t('message.note'), icon: 'note' as const },
        ]}
      />
      {kind === 'reply' ? (
        <button type="button" className={css.to} aria-expanded={editing} title={t('composer.people', { keys: keysOf('conversation.reply') ?? '' })} onClick={onPeople}>
          {copies.length
            ? <Words id="composer.to_line_cc" values={{ names: names(people.to), copies: names(copies) }} />
            : <Words id="composer.to_line" values={{ names: names(people.to) }} />}
          {(suggested?.unverified.length ?? 0) > 0 && <span className={css.more}>{t('composer.more_people', { count: suggested!.unverified.length })}</span>}
        </button>
      ) : <span className={css.to}>{t('composer.only_team')}</span>}
      {state && <span className={css.state} role="status">{t(state)}</span>}
    </div>
  );
}
