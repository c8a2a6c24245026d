import { clsx } from 'clsx';
import {
  useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes,
} from 'react';
import { Icon, type IconName } from './Icon';
import css from './Field.module.css';

export interface FieldProps {
  label: string;
  help?: ReactNode;
  /** What is wrong, in words; shown under the field and read with it. */
  error?: string;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  className?: string;
}

interface Wiring {
  id: string;
  'aria-invalid'?: true;
  'aria-describedby'?: string;
}

/** Label above, help under it, error under that: the frame of every control of a form. */
export function Field({ label, help, error, hideLabel, className, children }: FieldProps & {
  children: (wiring: Wiring) => ReactNode;
}) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={clsx(css.field, className)}>
      <label htmlFor={id} className={clsx(css.label, hideLabel && 'sr')}>{label}</label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined })}
      {help && <div id={`${id}-help`} className={css.help}>{help}</div>}
      {error && <div id={`${id}-error`} className={css.error}><Icon name="warn" size={14} />{error}</div>}
    </div>
  );
}

type NativeInput = Omit<InputHTMLAttributes<HTMLInputElement>, 'size' | 'id'>;

interface InputProps extends FieldProps, NativeInput {
  icon?: IconName;
  /** At the end of the field: a unit, a button. */
  end?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ label, help, error, hideLabel, className, icon, end, ...rest }: InputProps) {
  return (
    <Field {...{ label, help, error, hideLabel, className }}>
      {(wiring) => (
        <span className={css.box}>
          {icon && <Icon name={icon} size={14} />}
          <input {...rest} {...wiring} className={css.input} />
          {end}
        </span>
      )}
    </Field>
  );
}

interface TextareaProps extends FieldProps, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'> {
  ref?: Ref<HTMLTextAreaElement>;
}

export function Textarea({ label, help, error, hideLabel, className, rows = 4, ...rest }: TextareaProps) {
  return (
    <Field {...{ label, help, error, hideLabel, className }}>
      {(wiring) => (
        <span className={clsx(css.box, css.tall)}>
          <textarea rows={rows} {...rest} {...wiring} className={css.input} />
        </span>
      )}
    </Field>
  );
}

export interface Option<V extends string = string> {
  value: V;
  label: string;
  disabled?: boolean;
}

interface SelectProps<V extends string>
  extends FieldProps, Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'onChange' | 'value' | 'size'> {
  options: readonly Option<V>[];
  value: V;
  onChange: (value: V) => void;
}

/** The browser's own select: right with every keyboard, reader and phone. */
export function Select<V extends string>({
  label, help, error, hideLabel, className, options, value, onChange, ...rest
}: SelectProps<V>) {
  return (
    <Field {...{ label, help, error, hideLabel, className }}>
      {(wiring) => (
        <span className={css.box}>
          <select
            {...rest}
            {...wiring}
            className={clsx(css.input, css.select)}
            value={value}
            onChange={(event) => onChange(event.target.value as V)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>{option.label}</option>
            ))}
          </select>
          <Icon name="down" size={14} className={css.arrow} />
        </span>
      )}
    </Field>
  );
}
