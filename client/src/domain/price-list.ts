import { useQuery } from '@apollo/client/react';
import { readingOf } from '../apollo/reading.js';
import { OperationsForSaleDocument } from '../gql/operations.js';
import type { OperationFieldsFragment } from '../gql/operations.js';
import type { Reading } from '../ui/reading.js';
import { useAccount } from './account.js';

/**
 * The priced operations in force for the open account: a sandbox account has prices of its own.
 *
 * Asked for as soon as it is known which kind of account it is.
 */
export function usePriceList(): Reading<readonly OperationFieldsFragment[]> {
  const { details, problem, again } = useAccount();
  const sandbox = details?.sandbox ?? false;
  const list = readingOf(
    useQuery(OperationsForSaleDocument, { variables: { sandbox }, skip: details === null }),
    (data) => data.priceList.operations,
  );
  return details === null ? { value: null, problem, again } : list;
}
