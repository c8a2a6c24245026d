import { useQuery } from '@tanstack/react-query';
import { customFieldsQuery } from '@/api/customFields';
import type { CustomField } from '@/api/types';
import { useT } from '@/lib/i18n';
import type { ColumnName } from './layout';

/** What a table can show beside the shop's own fields, in the order in which it is offered. The server has the same list. */
export const columnNames = ['number', 'customer', 'subject', 'status', 'priority', 'assignee', 'team', 'inbox', 'tags', 'last_activity', 'waiting_since', 'due', 'created'] as const;

export interface Column {
  name: ColumnName;
  label: string;
  /** The shop's own field that it shows. */
  field?: CustomField;
}

/** Every column there is; undefined while the shop's own fields are on their way. */
export function useColumns(): Column[] | undefined {
  const t = useT();
  const { data: own } = useQuery(customFieldsQuery('conversation'));
  const known: Column[] = columnNames.map((name) => ({ name, label: t(`table.${name}`) }));
  return own && [...known, ...own.filter((field) => !field.archived).map((field): Column => ({ name: `field.${field.key}`, label: field.label, field }))];
}

/** The chosen columns in their order; those of fields that are there no more are left out. */
export function chosenOf(all: readonly Column[] | undefined, names: readonly ColumnName[]): Column[] {
  return names.flatMap((name) => all?.find((one) => one.name === name) ?? []);
}

/** The same with one of them at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  return from < 0 || to < 0 || to >= list.length ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, list[from]!);
}
