import { clsx } from 'clsx';
import { useId } from 'react';
import { Icon, type IconName } from './Icon';
import css from './Segmented.module.css';

interface Props<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: string; icon?: IconName; count?: number }[];
  className?: string;
}

/** Two or three faces of one thing: reply and note, light and dark. */
export function Segmented<V extends string>({ label, value, onChange, options, className }: Props<V>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={clsx(css.group, className)}>
      {options.map((option) => (
        <label key={option.value} className={clsx(css.option, option.value === value && css.on)}>
          <input type="radio" name={name} className="sr" checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.icon && <Icon name={option.icon} size={14} />}
          {option.label}
          {option.count !== undefined && <span className={css.count}>{option.count}</span>}
        </label>
      ))}
    </div>
  );
}
