import { EntitySchema, type EntitySchemaColumnOptions, type ValueTransformer } from 'typeorm';
import { epochMilliseconds, safeInteger } from '../../db/column-values.js';
import type { RowColumn, RowDescription } from './describe-row.js';

/**
 * A table class for plain reads through TypeORM, made from the description of its rows. Only the ledger's writer writes them.
 *
 * @param name  unique among all table classes
 */
export function entityOf<S extends object>(name: string, kind: RowDescription<S, never>): EntitySchema<S> {
  const columns = kind.columns.map((column): [string, EntitySchemaColumnOptions] => [column.field, columnOf(column)]);
  return new EntitySchema<S>({
    name,
    tableName: kind.table,
    columns: Object.fromEntries(columns) as { [K in keyof S]: EntitySchemaColumnOptions },
  });
}

function columnOf(column: RowColumn): EntitySchemaColumnOptions {
  const { name, type, isKey, isNullable } = column;
  const transformer = transformerOf(column);
  return { name, type, primary: isKey, nullable: isNullable, ...(transformer === null ? {} : { transformer }) };
}

function transformerOf({ type, form }: RowColumn): ValueTransformer | null {
  if (form !== null)
    return {
      to: (value: unknown) => (value === null ? null : form.toText(value)),
      from: (text: string | null) => (text === null ? null : form.fromText(text)),
    };
  if (type === 'bigint') return safeInteger;
  return type === 'timestamptz' ? epochMilliseconds : null;
}
