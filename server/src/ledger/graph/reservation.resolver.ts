import { parseId } from '@aibc/shared/ids';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { holdsScope } from '../../auth/caller.js';
import type { RequestContext } from '../../auth/request-context.js';
import { isHolder } from '../core/commands/by-holder.js';
import { toActor } from './command-input.js';
import { Reservation } from './reservation.types.js';
import type { ShownReservation } from './show-reservation.js';

/** What of a reservation depends on who asks. */
@Resolver(() => Reservation)
export class ReservationResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether the caller may commit, release, extend or add to it: who opened it, or a service or operator, with `credits:reserve`. Whether it is still open, `status` says.',
  })
  mayClose(@Root() reservation: ShownReservation, @Ctx() { caller }: RequestContext): boolean {
    const accountId = parseId('acct', reservation.accountId);
    if (caller === null || accountId === null) return false;
    return holdsScope(caller, accountId, 'credits:reserve') && isHolder(toActor(caller), reservation);
  }
}
