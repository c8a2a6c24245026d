import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { Storage } from '@/api/types';
import { storageQuery } from './queries';
import { StoragePage } from './StoragePage';

const gigabyte = 1_000_000_000;
const measured: Storage = {
  warning: '', disks: [{ name: 'data', free: 60 * gigabyte, total: 100 * gigabyte, days_left: 598 }], database: 2 * gigabyte, raw_mail: gigabyte, search: gigabyte / 2,
  files: 3 * gigabyte, attachments: gigabyte, measured_at: '2026-11-27T09:00:00Z', growth_per_day: gigabyte / 10, days_left: 598,
  days: [
    { at: '2026-11-26T09:00:00Z', database: gigabyte, files: 2 * gigabyte },
    { at: '2026-11-27T09:00:00Z', database: 2 * gigabyte, files: 3 * gigabyte },
  ],
};

function show(change: Partial<Storage>) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  queries.setQueryData(storageQuery.queryKey, { ...measured, ...change });
  render(<QueryClientProvider client={queries}><StoragePage /></QueryClientProvider>);
}

describe('the storage page', () => {
  afterEach(cleanup);

  test('says for how long there is room and what grows', () => {
    show({});
    expect(screen.getByRole('heading', { name: 'There is room for 598 more days' })).toBeTruthy();
    expect(screen.getByText('It grows by 100 MB a day, as in the last 30 days.')).toBeTruthy();
    expect(screen.getByRole('meter').getAttribute('aria-valuenow')).toBe('40');
    expect(screen.getByText('about 1 GB')).toBeTruthy();
  });

  test('shows the growth as a table, newest day first', () => {
    show({});
    const rows = screen.getAllByRole('row', { hidden: true }).slice(1).map((row) => row.textContent);
    expect(rows).toEqual(['Nov 272 GB3 GB', 'Nov 261 GB2 GB']);
  });

  test.each([
    ['few_days', { days_left: 3 }, 'There is room for 3 more days', /Make the disk larger/],
    ['almost_full', {}, /almost full/, /Nothing is lost/],
    ['read_only', {}, /can only be read/, /Nothing is lost/],
    ['nothing yet', { warning: '', days_left: null, growth_per_day: null, days: [] }, 'There is room', /two days have been measured/],
    ['nothing: it stays as it is', { warning: '', days_left: null, growth_per_day: 0 }, /does not become less/, /Nothing grew/],
    ['nothing for years', { warning: '', days_left: 9000 }, /more than ten years/, /It grows by/],
  ] as const)('warns of %s', (warning, change, title, advice) => {
    show({ warning, ...change } as Partial<Storage>);
    expect(screen.getByRole('heading', { level: 2, name: title })).toBeTruthy();
    expect(screen.getByText(advice)).toBeTruthy();
  });

  test('names both disks where files have their own, and says when nothing was measured yet', () => {
    show({ disks: [...measured.disks, { name: 'files', free: gigabyte, total: 100 * gigabyte, days_left: 9 }], measured_at: null });
    expect(screen.getAllByRole('meter').map((meter) => meter.getAttribute('aria-label'))).toEqual(['Disk of the data folder', 'Disk of the files']);
    expect(screen.getByText(/measured for the first time/)).toBeTruthy();
  });
});
