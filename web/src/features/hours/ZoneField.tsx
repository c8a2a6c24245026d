import { useMemo, useRef, useState } from 'react';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { ComboboxPopover } from '@/ui/Combobox';
import { Field } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { here } from './values';
import { timeIn, zoneName } from './words';
import css from './Hours.module.css';

/** The time zone, found by a part of its name. */
export function ZoneField({ value, error, onChange }: { value: string; error?: string; onChange: (zone: string) => void }) {
  const t = useT();
  const now = useNow();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <Field label={t('hours.zone')} help={t('hours.zone_now', { time: timeIn(value, now) })} error={error}>
      {(wiring) => (
        <>
          <button ref={anchor} type="button" {...wiring} className={css.zone} aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(true)}>
            <bdi className="grow trunc">{zoneName(value)}</bdi>
            <Icon name="down" size={14} />
          </button>
          {open && <Zones anchor={anchor} value={value} onChoose={onChange} onClose={() => setOpen(false)} />}
        </>
      )}
    </Field>
  );
}

interface ZonesProps {
  anchor: React.RefObject<HTMLButtonElement | null>;
  value: string;
  onChoose: (zone: string) => void;
  onClose: () => void;
}

function Zones({ anchor, value, onChoose, onClose }: ZonesProps) {
  const t = useT();
  const choices = useMemo(() => {
    // The one that is kept and where the browser is come first.
    const all = [...new Set([value, here(), ...Intl.supportedValuesOf('timeZone'), 'UTC'])];
    return all.map((zone) => ({ value: zone, label: zoneName(zone), chosen: zone === value }));
  }, [value]);
  return <ComboboxPopover anchor={anchor} label={t('hours.zone')} placeholder={t('hours.zone_search')} choices={choices} onChoose={onChoose} onClose={onClose} />;
}
