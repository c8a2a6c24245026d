import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Icon } from './Icon';
import css from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end edge. */
  numeric?: boolean;
  sortable?: boolean;
  width?: number | string;
  /** For a column of buttons: the title is only read out. */
  hideTitle?: boolean;
}

interface Props<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** “name” or “-name”; keep it in the URL. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** Stands in the table's place when there are no rows. */
  empty?: ReactNode;
}

export function DataTable<Row>({ caption, columns, rows, rowKey, sort, onSort, empty }: Props<Row>) {
  if (rows.length === 0 && empty) return empty;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={css.table}>
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} className={clsx(column.numeric && css.numeric)}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const up = sort === column.key;
  const down = sort === `-${column.key}`;
  const order = up ? 'ascending' : down ? 'descending' : undefined;
  const title = <span className={clsx(column.hideTitle && 'sr')}>{column.title}</span>;
  return (
    <th scope="col" aria-sort={order} style={{ width: column.width }} className={clsx(column.numeric && css.numeric)}>
      {column.sortable && onSort ? (
        <button type="button" className={css.sort} onClick={() => onSort(up ? `-${column.key}` : column.key)}>
          {title}
          {order && <Icon name={up ? 'up' : 'down'} size={12} />}
        </button>
      ) : title}
    </th>
  );
}
