import { clsx } from 'clsx';
import { useEffect, useId, useRef, type InputHTMLAttributes, type ReactNode } from 'react';
import { Icon } from './Icon';
import css from './Toggle.module.css';

type Native = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange' | 'size'>;

interface CheckboxProps extends Native {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Some of what it stands for is ticked. */
  mixed?: boolean;
  /** Give children or an aria-label. */
  children?: ReactNode;
}

export function Checkbox({ checked, onChange, mixed, children, className, ...rest }: CheckboxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current!.indeterminate = Boolean(mixed);
  }, [mixed]);
  return (
    <label className={clsx(css.line, className)}>
      <span className={css.check}>
        <input ref={input} type="checkbox" {...rest} checked={checked} onChange={(event) => onChange(event.target.checked)} />
        {(checked || mixed) && <Icon name={mixed ? 'minus' : 'check'} size={12} />}
      </span>
      {children && <span>{children}</span>}
    </label>
  );
}

interface SwitchProps extends Native {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children?: ReactNode;
  /** A sentence under the words. */
  help?: ReactNode;
}

export function Switch({ checked, onChange, children, help, className, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <label className={clsx(css.line, css.wide, className)}>
      {children && (
        <span className="grow">
          <span id={`${id}-name`}>{children}</span>
          {help && <span id={id} className={css.help}>{help}</span>}
        </span>
      )}
      <input
        type="checkbox"
        role="switch"
        {...rest}
        className={css.switch}
        checked={checked}
        aria-labelledby={children ? `${id}-name` : undefined}
        aria-describedby={help ? id : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

interface RadioCardsProps<V extends string> {
  legend: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: string; help?: string; disabled?: boolean }[];
  columns?: number;
}

/** A choice of few, each with a sentence that says what it does. */
export function RadioCards<V extends string>({ legend, value, onChange, options, columns = 1 }: RadioCardsProps<V>) {
  const name = useId();
  return (
    <fieldset className={css.cards} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      <legend className={css.legend}>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={clsx(css.card, value === option.value && css.chosen)}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span>
            <span className={css.cardLabel}>{option.label}</span>
            {option.help && <span className={css.help}>{option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
