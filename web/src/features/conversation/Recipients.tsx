import { useId, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import type { Address, Participants } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import { Checkbox } from '@/ui/Toggle';
import { addTo, includes, readAddresses, recipientsOf, removeFrom, shownName, type Line } from './recipients';
import css from './Composer.module.css';

interface Props {
  chosen: { to?: Address[]; cc?: Address[]; bcc?: Address[]; from?: string };
  suggested: Participants | undefined;
  onChange: (line: Line, list: Address[]) => void;
  onFrom: (address: string | undefined) => void;
}

const lines: readonly Line[] = ['to', 'cc', 'bcc'];

/** The three lines of recipients, each person a chip. People nobody has vouched for stand apart. */
export function Recipients({ chosen, suggested, onChange, onFrom }: Props) {
  const t = useT();
  const now = recipientsOf(chosen, suggested);
  const strangers = suggested?.unverified ?? [];
  return (
    <div className={css.recipients}>
      <Sender senders={suggested?.senders ?? []} domain={suggested?.catch_all ?? ''} value={chosen.from} onChange={onFrom} />
      {lines.map((line) => (
        <AddressLine key={line} label={t(`composer.${line}`)} list={now[line]} onChange={(list) => onChange(line, list)} />
      ))}
      {strangers.length > 0 && (
        <div className={css.strangers}>
          <p><Icon name="warn" size={14} />{t('composer.strangers', { count: strangers.length })}</p>
          {strangers.map((one) => (
            <Checkbox key={one.address} checked={includes(now.cc, one)} onChange={(on) => onChange('cc', on ? addTo(now.cc, [one]) : removeFrom(now.cc, one))}>
              <bdi>{one.name ? `${one.name} <${one.address}>` : one.address}</bdi>
            </Checkbox>
          ))}
        </div>
      )}
    </div>
  );
}

interface From {
  senders: string[];
  /** All its addresses are ours. */
  domain: string;
  value: string | undefined;
  onChange: (address: string | undefined) => void;
}

/** From which of our addresses it leaves, where there is a choice. */
function Sender({ senders, domain, value, onChange }: From) {
  const t = useT();
  const id = useId();
  const usual = senders[0];
  const [typed, setTyped] = useState<string>();
  if (domain) {
    const shown = typed ?? value ?? usual ?? '';
    const fits = shown.toLowerCase().endsWith(`@${domain}`) && readAddresses(shown).found[0]?.address === shown;
    const ours = senders.includes(shown) || fits;
    return (
      <div className={css.line}>
        <label htmlFor={id}>{t('composer.from')}</label>
        <input
          id={id} className={css.sender} type="email" list={`${id}all`} autoComplete="off" spellCheck={false} value={shown} aria-invalid={!ours || undefined}
          onChange={(event) => setTyped(event.target.value)} onFocus={(event) => event.target.select()}
          onBlur={() => {
            if (typed !== undefined && ours) onChange(shown === usual ? undefined : shown);
            setTyped(undefined);
          }}
        />
        <datalist id={`${id}all`}>{senders.map((one) => <option key={one} value={one} />)}</datalist>
        {!ours && <span className={css.wrong} role="alert">{t('composer.from_wrong', { domain })}</span>}
      </div>
    );
  }
  if (senders.length < 2) return null;
  return (
    <div className={css.line}>
      <label htmlFor={id}>{t('composer.from')}</label>
      <select id={id} className={css.sender} value={value ?? usual} onChange={(event) => onChange(event.target.value === usual ? undefined : event.target.value)}>
        {senders.map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
    </div>
  );
}

/** One line of people: type or paste addresses, Backspace takes the last away. */
export function AddressLine({ label, list, onChange, autoFocus, invalid }: {
  label: string;
  list: readonly Address[];
  onChange: (list: Address[]) => void;
  autoFocus?: boolean;
  invalid?: boolean;
}) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const take = (typed: string) => {
    const { found, rest } = readAddresses(typed);
    if (found.length) onChange(addTo(list, found));
    setText(rest);
    setWrong(rest !== '');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) return;
    if ((event.key === 'Enter' || event.key === ',' || event.key === ';') && text.trim()) {
      event.preventDefault();
      take(text);
    } else if (event.key === 'Backspace' && !text && list.length) {
      onChange(list.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text');
    if (!/[,;\n<]/.test(pasted)) return;
    event.preventDefault();
    take(text + pasted);
  };
  return (
    <div className={css.line}>
      <label htmlFor={id}>{label}</label>
      <div className={css.people}>
        {list.map((one) => (
          <span key={one.address} className={css.person} title={one.address}>
            <bdi className="trunc">{shownName(one)}</bdi>
            <button type="button" aria-label={t('composer.remove_person', { name: shownName(one) })} onClick={() => onChange(removeFrom(list, one))}><Icon name="x" size={12} /></button>
          </span>
        ))}
        <input
          id={id} value={text} autoFocus={autoFocus} inputMode="email" autoComplete="off" spellCheck={false} aria-invalid={wrong || invalid || undefined}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
          onKeyDown={onKeyDown} onPaste={onPaste} onBlur={() => text.trim() && take(text)}
        />
        {wrong && <span className={css.wrong} role="alert">{t('composer.no_address')}</span>}
      </div>
    </div>
  );
}
