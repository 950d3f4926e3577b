import type { DataSource } from 'typeorm';
import type { Role } from '../auth/caller.js';
import { foreignCursor, malformedCursor, pageOf } from '../kit/page.js';
import type { Connection, PageRequest } from '../kit/page.js';
import type { Member } from './members.types.js';

interface MemberRow {
  readonly member: string;
  readonly name: string | null;
  readonly role: Role | null;
  readonly seen_at: Date | null;
  readonly last_work: string | null;
}

/**
 * Members by their ids. Those of reservations are found one by one, each by a look into the index of members after the one before: so a page costs
 * what it shows, however much each of them did. $1 account, $2 after, $3 limit.
 */
const MEMBERS = `/* usage.members */
  WITH RECURSIVE worked AS (
    (SELECT r.member FROM reservation r WHERE r.account_id = $1 AND r.member > $2 ORDER BY r.member LIMIT 1)
    UNION ALL
    SELECT (SELECT r.member FROM reservation r WHERE r.account_id = $1 AND r.member > w.member ORDER BY r.member LIMIT 1)
    FROM worked w WHERE w.member IS NOT NULL)
  SELECT m.member, s.name, s.role, s.seen_at,
    (SELECT r.reservation_id FROM reservation r WHERE r.account_id = $1 AND r.member = m.member
      ORDER BY r.reservation_id DESC LIMIT 1) AS last_work
  FROM (
    SELECT found.member FROM (
      (SELECT w.member FROM worked w WHERE w.member IS NOT NULL LIMIT $3)
      UNION
      (SELECT v.member FROM member_seen v WHERE v.account_id = $1 AND v.member > $2 ORDER BY v.member LIMIT $3)) found
    ORDER BY found.member LIMIT $3) m
  LEFT JOIN member_seen s ON s.account_id = $1 AND s.member = m.member
  ORDER BY m.member`;

const ROLES: Readonly<Record<Role, Member['role']>> = { owner: 'OWNER', member: 'MEMBER', viewer: 'VIEWER' };
const CURSOR = 'member_';

/**
 * Who has been seen in an account, in the order of their ids: whoever signed in with a token that names it, and on whose behalf work was reserved.
 *
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is of another account
 */
export async function listMembers(
  dataSource: DataSource,
  accountId: string,
  page: PageRequest,
): Promise<Connection<Member>> {
  const after = page.after === null ? '' : readCursor(accountId, page.after);
  const rows = await dataSource.query<MemberRow[]>(MEMBERS, [accountId, after, page.first + 1]);
  return pageOf(page, rows, showMember, ({ member }) => cursorOf(accountId, member));
}

/** A member's place in the list of one account. */
function cursorOf(accountId: string, member: string): string {
  return `${CURSOR}${Buffer.from(`${accountId} ${member}`).toString('base64url')}`;
}

function readCursor(accountId: string, cursor: string): string {
  const text = cursor.startsWith(CURSOR) ? cursor.slice(CURSOR.length) : '';
  const [, of, member] = /^([0-9a-f-]{36}) ([^\0]+)$/s.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (of === undefined || member === undefined || cursorOf(of, member) !== cursor) throw malformedCursor();
  if (of !== accountId) throw foreignCursor();
  return member;
}

function showMember({ member, name, role, seen_at: seenAt, last_work: lastWork }: MemberRow): Member {
  const seen = [...(seenAt === null ? [] : [seenAt.getTime()]), ...(lastWork === null ? [] : [madeAt(lastWork)])];
  return {
    id: member,
    name,
    role: role === null ? null : ROLES[role],
    lastSeenAt: seen.length === 0 ? null : Math.max(...seen),
  };
}

/** When a UUIDv7 was made, epoch milliseconds: reservations are named by the wall clock. */
function madeAt(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}
