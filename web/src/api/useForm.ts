import { useEffect, useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { ApiProblem } from './problem';
import { problemText } from './words';

type Faults = Readonly<Record<string, string | undefined>>;

interface Options<T> {
  /** What to do with the values; its ApiProblem is shown at the fields it names. */
  save: (values: T) => Promise<unknown>;
  /** What is wrong before the server is asked: a sentence by the name of the field. */
  check?: (values: T) => Faults;
}

export type Form<T extends object> = ReturnType<typeof useForm<T>>;

/**
 * The state of a form. Fields are named as the API names them, such as “imap.host”, so that the server's faults
 * find their field. A field's fault shows once the field was left or the form was sent; the first one takes the focus.
 */
export function useForm<T extends object>(start: T, { save, check }: Options<T>) {
  const [edits, setEdits] = useState<Partial<T>>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Faults>({});
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [focusTurn, setFocusTurn] = useState(0);
  const box = useRef<HTMLFormElement>(null);

  const values = { ...start, ...edits };
  const faults = check?.(values) ?? {};
  const changed = (Object.keys(edits) as (keyof T & string)[]).filter(
    (name) => JSON.stringify(edits[name]) !== JSON.stringify(start[name]),
  );

  useEffect(() => {
    if (focusTurn > 0) box.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [focusTurn]);

  const set = <K extends keyof T & string>(name: K, value: T[K]) => {
    setEdits((now) => ({ ...now, [name]: value }));
    setRefused((now) => ({ ...now, [name]: undefined }));
    setFault('');
  };
  const errorOf = (name: string) => refused[name] ?? (left.has(name) ? faults[name] : undefined);
  const leave = (name: string) => setLeft((now) => (now.has(name) ? now : new Set([...now, name])));

  const refuse = (problem: unknown) => {
    const named = faultsOf(problem);
    const known = Object.keys(named).filter((name) => name in values);
    setRefused(named);
    // A fault of something that has no field here must not be lost.
    setFault(known.length > 0 && known.length === Object.keys(named).length ? '' : problemText(problem));
    setFocusTurn((turn) => turn + 1);
  };

  const submit = async (): Promise<boolean> => {
    if (busy) return false;
    setLeft(new Set(Object.keys(values)));
    if (Object.values(faults).some(Boolean)) {
      setFocusTurn((turn) => turn + 1);
      return false;
    }
    setBusy(true);
    setFault('');
    try {
      await save(values);
      setEdits({});
      setLeft(new Set());
      setRefused({});
      return true;
    } catch (problem) {
      refuse(problem);
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    values, busy, fault, changed, dirty: changed.length > 0, set, errorOf, submit, refuse,
    change: (part: Partial<T>) => setEdits((now) => ({ ...now, ...part })),
    reset: () => {
      setEdits({});
      setLeft(new Set());
      setRefused({});
      setFault('');
    },
    /** For the form element itself. */
    props: {
      ref: box,
      noValidate: true,
      onSubmit: (event: FormEvent) => {
        event.preventDefault();
        void submit();
      },
    },
    /** For a field that is typed in. */
    text: <K extends keyof T & string>(name: K) => ({
      name,
      value: String(values[name] ?? ''),
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(name, event.target.value as T[K]),
      onBlur: () => leave(name),
      error: errorOf(name),
    }),
    /** For a field that is chosen. */
    choice: <K extends keyof T & string>(name: K) => ({
      value: values[name],
      onChange: (value: T[K]) => set(name, value),
      error: errorOf(name),
    }),
  };
}

/** The sentences of a refusal by the field they belong to: “body.imap.host” is “imap.host”. */
export function faultsOf(problem: unknown): Record<string, string> {
  if (!(problem instanceof ApiProblem)) return {};
  const named = problem.errors.map(({ location, message }) => [location.replace(/^body\.?/, '').replace(/\[\d+\].*$/, ''), message]);
  return Object.fromEntries(named.filter(([name]) => name));
}
