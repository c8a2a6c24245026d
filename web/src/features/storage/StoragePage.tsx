import type { Storage } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { fullTime, relativeTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { intlLocale, useT, Words } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { DataTable } from '@/ui/DataTable';
import { Icon } from '@/ui/Icon';
import { Card, Page, Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { storageQuery } from './queries';
import css from './StoragePage.module.css';

type Disk = Storage['disks'][number];
type Day = Storage['days'][number];

/** How much room everything takes, how fast it grows, and for how long the disk will do. */
export function StoragePage() {
  const t = useT();
  const storage = useWaiting({ ...storageQuery, refetchInterval: 60_000 });
  return (
    <Page title={t('settings.storage')} column>
      <Awaited of={storage} bones={<RowBones count={4} lead={false} />}>{(data) => <Figures data={data} />}</Awaited>
    </Page>
  );
}

function Figures({ data }: { data: Storage }) {
  const t = useT();
  const now = useNow(60_000);
  return (
    <>
      <header className={css.head}>
        <span className={data.warning === '' ? css.good : data.warning === 'few_days' ? css.warn : css.bad}>
          <Icon name={data.warning === '' ? 'checkCircle' : 'warn'} size={24} />
        </span>
        <div>
          <h2><Outlook data={data} /></h2>
          <p className="muted"><Advice data={data} /></p>
        </div>
      </header>
      {data.disks.map((disk) => <DiskBar key={disk.name} disk={disk} alone={data.disks.length === 1} />)}
      {!data.measured_at
        ? <p className="muted">{t('storage.unmeasured')}</p>
        : (
          <>
            <Card className={css.card}>
              <dl>
                <Line label={t('storage.database')} bytes={data.database} />
                <Line label={t('storage.raw_mail')} help={t('storage.raw_mail_help')} bytes={data.raw_mail} about />
                <Line label={t('storage.search')} help={t('storage.search_help')} bytes={data.search} about />
                <Line label={t('storage.files')} help={t('storage.files_help')} bytes={data.files} />
                <Line label={t('storage.attachments')} bytes={data.attachments} />
              </dl>
            </Card>
            <p className={css.measured}>
              <Words id="storage.measured" values={{ when: <time dateTime={data.measured_at} title={fullTime(data.measured_at)}>{relativeTime(data.measured_at, now)}</time> }} />
            </p>
            {data.days.length > 1 && <Growth days={data.days} />}
          </>
        )}
    </>
  );
}

function Outlook({ data }: { data: Storage }) {
  const t = useT();
  if (data.warning === 'read_only') return t('storage.read_only');
  if (data.warning === 'almost_full') return t('storage.almost_full');
  if (data.days_left !== null) return data.days_left > 3650 ? t('storage.years') : t('storage.days_left', { count: data.days_left });
  return data.growth_per_day === null ? t('storage.too_early') : t('storage.steady');
}

function Advice({ data }: { data: Storage }) {
  const t = useT();
  if (data.warning === 'read_only') return t('storage.read_only_text');
  if (data.warning === 'almost_full') return t('storage.almost_full_text');
  if (data.growth_per_day === null) return t('storage.too_early_text');
  const growth = data.growth_per_day > 0 ? t('storage.grows', { size: fileSize(data.growth_per_day) }) : t('storage.grows_not');
  return data.warning === 'few_days' ? `${growth} ${t('storage.few_days_text')}` : growth;
}

function DiskBar({ disk, alone }: { disk: Disk; alone: boolean }) {
  const t = useT();
  const used = disk.total - disk.free;
  const share = disk.total > 0 ? used / disk.total : 0;
  const words = t('storage.free_of', { free: fileSize(disk.free), total: fileSize(disk.total) });
  const name = alone ? t('storage.disk') : disk.name === 'files' ? t('storage.disk_files') : t('storage.disk_data');
  return (
    <Card className={css.disk}>
      <div className={css.diskHead}>
        <h3>{name}</h3>
        <span>{words}</span>
      </div>
      <div className={css.bar} role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={words}>
        <span className={share > 0.98 ? css.full : share > 0.9 ? css.high : undefined} style={{ inlineSize: `${Math.max(share * 100, 0.5)}%` }} />
      </div>
    </Card>
  );
}

function Line({ label, help, bytes, about }: { label: string; help?: string; bytes: number; about?: boolean }) {
  const t = useT();
  const size = fileSize(bytes);
  return (
    <div className={css.line}>
      <dt>{label}{help && <span className={css.help}>{help}</span>}</dt>
      <dd>{about && bytes > 0 ? t('storage.about', { size }) : size}</dd>
    </div>
  );
}

// Bars for the eye; the same numbers as a table for everybody else.
function Growth({ days }: { days: Day[] }) {
  const t = useT();
  const most = Math.max(...days.map((day) => day.database + day.files), 1);
  const dayName = (day: Day) => new Intl.DateTimeFormat(intlLocale(), { day: 'numeric', month: 'short' }).format(new Date(day.at));
  return (
    <Section title={t('storage.growth')}>
      <div className={css.chart} aria-hidden="true">
        {days.map((day) => (
          <span key={day.at} className={css.column} title={`${dayName(day)}: ${fileSize(day.database + day.files)}`}>
            <i className={css.filesPart} style={{ blockSize: `${(day.files / most) * 100}%` }} />
            <i className={css.databasePart} style={{ blockSize: `${(day.database / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <p className={css.legend} aria-hidden="true">
        <span><i className={css.databasePart} />{t('storage.database')}</span>
        <span><i className={css.filesPart} />{t('storage.files')}</span>
      </p>
      <details>
        <summary>{t('storage.as_table')}</summary>
        <DataTable
          caption={t('storage.growth')} rows={[...days].reverse()} rowKey={(day) => day.at}
          columns={[
            { key: 'day', title: t('storage.day'), cell: (day) => <time dateTime={day.at}>{dayName(day)}</time> },
            { key: 'database', title: t('storage.database'), numeric: true, cell: (day) => fileSize(day.database) },
            { key: 'files', title: t('storage.files'), numeric: true, cell: (day) => fileSize(day.files) },
          ]}
        />
      </details>
    </Section>
  );
}
