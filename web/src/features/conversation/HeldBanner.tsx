import { useEffect, useRef, type RefObject } from 'react';
import type { Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import type { ComposerHandle } from './Composer';
import { release, useHeld } from './outgoing';
import css from './HeldBanner.module.css';

interface Props {
  conversation: Id;
  composer: RefObject<ComposerHandle | null>;
  onReview: (message: Id) => void;
}

/** Somebody wrote first: the reply was held back, and the person who wrote it decides. */
export function HeldBanner({ conversation, composer, onReview }: Props) {
  const t = useT();
  const held = useHeld(conversation);
  const review = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!held) return;
    // A moment later: the field may have to be made for it.
    queueMicrotask(() => {
      composer.current?.put({ ...held.outgoing.content, held: true, then: held.outgoing.then?.status === 'closed' ? held.outgoing.content.then : held.outgoing.then }, held.version);
      review.current?.focus();
    });
  }, [held, composer]);
  if (!held) return null;
  const newest = held.newer.at(-1);
  const name = newest?.author.name || newest?.author.address || '';
  const seconds = newest ? Math.max(1, Math.round((Date.parse(held.outgoing.at) - Date.parse(newest.created_at)) / 1000)) : 0;
  const cause = !newest ? t('held.something')
    : seconds < 120 ? t('held.seconds', { name, seconds }) : t('held.minutes', { name, minutes: Math.round(seconds / 60) });
  return (
    <section className={css.held} role="alert" aria-labelledby="held-title">
      <Icon name="stop" className={css.icon} />
      <div className={css.words}>
        <h3 id="held-title">{t('held.title')}</h3>
        <p>{cause} {t('held.kept')}</p>
        <div className={css.actions}>
          <Button
            ref={review} variant="primary" size="sm" keys="Enter"
            onClick={() => {
              release(conversation);
              if (newest) onReview(newest.id);
              composer.current?.open(held.outgoing.content.kind, false);
            }}
          >
            {t('held.review', { name })}
          </Button>
          <Button size="sm" onClick={() => {
            release(conversation);
            composer.current?.send({ force: true, then: held.outgoing.then?.status === 'closed' ? { status: 'closed' } : undefined });
          }}>
            {t('held.send')}
          </Button>
          <Button variant="ghost" size="sm" onClick={() => release(conversation)}>{t('held.keep')}</Button>
        </div>
      </div>
    </section>
  );
}
