import { useQuery } from '@tanstack/react-query';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Input, Select } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import type { FieldsProps } from './fields';
import { Intervals } from './Intervals';
import { countriesQuery, holidaysQuery, type Holiday, type OwnDay } from './queries';
import { usual } from './values';
import { countryName, dateIn, dateName } from './words';
import css from './Hours.module.css';

/** Days on which something else holds than usual: the holidays of a country, and the shop's own. */
export function HolidayFields({ values, errorOf, onSet }: FieldsProps) {
  const t = useT();
  const { data: countries = [] } = useQuery(countriesQuery);
  const { country, own_days: own } = values;
  const known = [...new Set([...countries.map((one) => one.country), ...(country ? [country] : [])])];
  const named = known.map((code) => ({ value: code, label: countryName(code) })).sort((a, b) => a.label.localeCompare(b.label));
  const openOn = ({ date, name }: Holiday) => onSet('own_days', [...own, { date, name, open: usual.map((one) => ({ ...one })) }].sort((a, b) => a.date.localeCompare(b.date)));
  return (
    <>
      <Section title={t('hours.holidays')} help={t('hours.holidays_help')}>
        <Select label={t('hours.country')} value={country} error={errorOf('country')} options={[{ value: '', label: t('hours.country_none') }, ...named]} onChange={(next) => onSet('country', next)} />
        {country && <Coming country={country} zone={values.time_zone} own={own} onOpen={openOn} />}
      </Section>
      <OwnDays values={values} errorOf={errorOf} onSet={onSet} />
    </>
  );
}

function Coming({ country, zone, own, onOpen }: { country: string; zone: string; own: readonly OwnDay[]; onOpen: (day: Holiday) => void }) {
  const t = useT();
  const days = useWaiting(holidaysQuery(country));
  const today = dateIn(zone, useNow());
  return (
    <Awaited of={days} bones={<RowBones count={3} lead={false} />}>
      {(all) => {
        const coming = all.filter(({ date }) => date >= today);
        const years = [...new Set(coming.map(({ date }) => date.slice(0, 4)))];
        return years.map((year) => (
          <div key={year}>
            <h3 className={css.year}>{t('hours.closed_in', { year })}</h3>
            <ul className={css.holidays}>
              {coming.filter(({ date }) => date.startsWith(year)).map((day) => <HolidayLine key={day.date} day={day} own={own.find(({ date }) => date === day.date)} onOpen={() => onOpen(day)} />)}
            </ul>
          </div>
        ));
      }}
    </Awaited>
  );
}

function HolidayLine({ day, own, onOpen }: { day: Holiday; own?: OwnDay; onOpen: () => void }) {
  const t = useT();
  return (
    <li className={css.holiday}>
      <time dateTime={day.date}>{dateName(day.date)}</time>
      <span className="grow">{day.instead ? t('hours.instead', { name: day.name }) : <bdi>{day.name}</bdi>}</span>
      {own ? <span className={css.own}>{t('hours.is_own')}</span> : <Button size="sm" variant="ghost" aria-label={t('hours.open_on_of', { name: day.name, date: dateName(day.date) })} onClick={onOpen}>{t('hours.open_on')}</Button>}
    </li>
  );
}

// The server keeps them in the order of their dates.
function OwnDays({ values, errorOf, onSet }: FieldsProps) {
  const t = useT();
  const { own_days: list, time_zone: zone } = values;
  const today = dateIn(zone, useNow());
  const set = (at: number, change: Partial<OwnDay>) => onSet('own_days', list.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const error = errorOf('own_days');
  return (
    <Section title={t('hours.own_days')} help={t('hours.own_days_help')}>
      {list.length > 0 && (
        <ul className={css.days} aria-label={t('hours.own_days')}>
          {list.map((day, at) => (
            <li key={at} className={css.ownDay}>
              <div className={css.ownHead}>
                <Input type="date" required label={t('hours.date')} hideLabel value={day.date} onChange={(event) => set(at, { date: event.target.value })} />
                <Input className={css.ownName} label={t('hours.day_name')} hideLabel placeholder={t('hours.day_name')} maxLength={100} autoComplete="off" dir="auto" value={day.name ?? ''} onChange={(event) => set(at, { name: event.target.value })} />
                <IconButton icon="trash" label={t('hours.remove_day', { date: day.date ? dateName(day.date) : '' })} onClick={() => onSet('own_days', list.filter((_, index) => index !== at))} />
              </div>
              <Intervals name={day.name || (day.date ? dateName(day.date) : t('hours.own_day'))} list={day.open} onChange={(open) => set(at, { open })} />
            </li>
          ))}
        </ul>
      )}
      {error && <p className={css.error} role="alert"><Icon name="warn" size={14} />{error}</p>}
      <div><Button size="sm" icon="plus" onClick={() => onSet('own_days', [...list, { date: list.at(-1)?.date && list.at(-1)!.date > today ? nextDay(list.at(-1)!.date) : today, name: '', open: [] }])}>{t('hours.add_day')}</Button></div>
    </Section>
  );
}

const nextDay = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
