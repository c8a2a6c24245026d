import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Section } from '@/ui/Page';
import { Intervals } from './Intervals';
import type { FieldsProps } from './fields';
import { alike, weekdays } from './values';
import { dayName } from './words';
import css from './Hours.module.css';

/** The weekly plan. */
export function WeekFields({ values, errorOf, onSet }: FieldsProps) {
  const t = useT();
  const copy = () => {
    for (const day of weekdays.slice(1, 5)) onSet(`week.${day}`, values['week.monday'].map((one) => ({ ...one })));
  };
  return (
    <Section title={t('hours.week')} help={t('hours.week_help')}>
      <ul className={css.days} aria-label={t('hours.week')}>
        {weekdays.map((day) => (
          <li key={day} className={css.day}>
            <span className={css.dayName}>{dayName(day)}</span>
            <Intervals name={dayName(day)} list={values[`week.${day}`]} error={errorOf(`week.${day}`)} onChange={(list) => onSet(`week.${day}`, list)} />
          </li>
        ))}
      </ul>
      {!alike(values) && <div><Button size="sm" variant="ghost" icon="copy" onClick={copy}>{t('hours.copy_monday')}</Button></div>}
    </Section>
  );
}
