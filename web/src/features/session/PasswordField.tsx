import { clsx } from 'clsx';
import { useState, type ComponentProps } from 'react';
import { useT } from '@/lib/i18n';
import { shortestPassword, strengthOf, type Strength } from '@/lib/password';
import { Input } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import css from './Door.module.css';

interface Props extends Omit<ComponentProps<typeof Input>, 'type' | 'end' | 'help' | 'value'> {
  value: string;
  /** Given for a password that is being chosen: words that are easy to guess, such as the own name. */
  choosing?: readonly string[];
}

/** A password, with an eye; one that is being chosen says how strong it is. */
export function PasswordField({ choosing, value, ...rest }: Props) {
  const t = useT();
  const [seen, setSeen] = useState(false);
  return (
    <Input
      {...rest}
      value={value}
      type={seen ? 'text' : 'password'}
      autoComplete={choosing ? 'new-password' : 'current-password'}
      spellCheck={false}
      autoCapitalize="none"
      end={<IconButton icon={seen ? 'lock' : 'eye'} label={seen ? t('session.hide_password') : t('session.show_password')} on={seen} onClick={() => setSeen(!seen)} />}
      help={choosing && <Meter strength={strengthOf(value, choosing)} empty={value === ''} />}
    />
  );
}

const bars: Record<Strength, number> = { short: 0, weak: 1, fair: 2, strong: 3 };

function Meter({ strength, empty }: { strength: Strength; empty: boolean }) {
  const t = useT();
  const words = {
    short: t('session.password_rule', { count: shortestPassword }), weak: t('session.password_weak'),
    fair: t('session.password_fair'), strong: t('session.password_strong'),
  };
  return (
    <span className={clsx(css.meter, css[strength])} aria-live="polite">
      {!empty && strength !== 'short' && (
        <span className={css.bars} aria-hidden="true">
          {[1, 2, 3].map((bar) => <i key={bar} className={clsx(bar <= bars[strength] && css.on)} />)}
        </span>
      )}
      <span>{words[empty ? 'short' : strength]}</span>
    </span>
  );
}
