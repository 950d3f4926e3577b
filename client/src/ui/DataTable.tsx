import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import styles from './DataTable.module.css';

/** A column of a table; the first one of a table names its rows. */
export type Column<Row> = {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Stands at the end of its cell, in figures of one width. */
  isNumber?: boolean;
  /** Below all rows; where no column has one, there is no such line. */
  total?: ReactNode;
  /** Whether the rows can be put in the order of this column. */
  canSort?: boolean;
};

export type Sort = { by: string; isDescending: boolean };

type Props<Row> = {
  /** What the table tells, for those who hear the page. */
  caption: string;
  columns: readonly Column<Row>[];
  /** In the order in which they are shown. */
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Whether it is as long as its rows, and the page scrolls; else it scrolls by itself below its head. */
  isWhole?: boolean;
};

/**
 * A table: head and foot stay in sight while its rows scroll, numbers are aligned at their ends, and on a phone every row is a
 * card that names its values.
 */
export function DataTable<Row>({ caption, columns, rows, keyOf, sort, onSort, isWhole }: Props<Row>) {
  const [frame, scrolls] = useScrolls();
  const hasTotal = columns.some(({ total }) => total !== undefined);
  return (
    <div
      ref={frame}
      className={styles.frame}
      data-whole={isWhole === true ? '' : undefined}
      // What scrolls must be reachable by keyboard.
      {...(scrolls && { tabIndex: 0, role: 'region', 'aria-label': caption })}
    >
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row={keyOf(row)}>
              {columns.map((column, index) => (
                <Cell key={column.id} column={column} isName={index === 0}>
                  {column.cell(row)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
        {hasTotal && (
          <tfoot>
            <tr>
              {columns.map((column, index) => (
                <Cell key={column.id} column={column} isName={index === 0}>
                  {index === 0 ? (column.total ?? t`Total`) : column.total}
                </Cell>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

type HeadProps<Row> = {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
};

function Head<Row>({ column: { id, title, isNumber, canSort }, sort, onSort }: HeadProps<Row>) {
  const isSorted = sort?.by === id;
  const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" data-number={isNumber === true ? '' : undefined} aria-sort={order}>
      {canSort === true && onSort !== undefined ? (
        <button
          type="button"
          className={styles.sort}
          // Numbers from the largest down first, words from A on.
          onClick={() => onSort({ by: id, isDescending: isSorted ? !sort.isDescending : isNumber === true })}
        >
          <span>{title}</span>
          {isSorted &&
            (sort.isDescending ? <ArrowDown size={14} aria-hidden="true" /> : <ArrowUp size={14} aria-hidden="true" />)}
        </button>
      ) : (
        title
      )}
    </th>
  );
}

function Cell<Row>(props: { column: Column<Row>; isName: boolean; children: ReactNode }) {
  const { column, isName, children } = props;
  const number = column.isNumber === true ? '' : undefined;
  return isName ? (
    <th scope="row" data-number={number}>
      {children}
    </th>
  ) : (
    <td data-number={number} data-title={column.title}>
      {children}
    </td>
  );
}

/** Whether an element has more in it than it shows, followed. */
function useScrolls(): [React.RefObject<HTMLDivElement | null>, boolean] {
  const element = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const look = (): void =>
      setScrolls(current.scrollHeight > current.clientHeight || current.scrollWidth > current.clientWidth);
    const observer = new ResizeObserver(look);
    observer.observe(current);
    if (current.firstElementChild !== null) observer.observe(current.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return [element, scrolls];
}
