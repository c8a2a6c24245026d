import type { Values } from './values';

/** What the parts of the form share. */
export interface FieldsProps {
  values: Values;
  errorOf: (name: keyof Values & string) => string | undefined;
  onSet: <K extends keyof Values & string>(name: K, value: Values[K]) => void;
}
