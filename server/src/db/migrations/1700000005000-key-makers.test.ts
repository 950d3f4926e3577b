import { formatId } from '@aibc/shared/ids';
import pg from 'pg';

import { migrate } from '../migrate.js';
import { migrations } from '../migrations.js';
import { createEmptyDatabase } from '../test-database.js';
import { KeyMakers1700000005000 } from './1700000005000-key-makers.js';

const uuid = (n: number) => `0198c0de-0000-7000-8000-00000000000${n}`;
const keyName = (n: number) => `service:${formatId('key', uuid(n))}`;

test('a key that was made before acts in the place of the user that made it, or that made the key it was made with', async () => {
  const database = await createEmptyDatabase();
  await migrate(database.url, migrations.slice(0, migrations.indexOf(KeyMakers1700000005000)));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const made: [number, string][] = [
    [1, 'user:ada'],
    [2, keyName(1)],
    [3, keyName(2)],
    [4, 'service:platform'],
    [5, keyName(4)],
    [6, 'operator:grace'],
  ];
  for (const [n, by] of made)
    await client.query(
      `INSERT INTO api_key (key_id, account_id, side, name, scopes, secret_hash, last4, created_by, created_at)
       VALUES ($1, $2, 'sandbox', 'Key', '{credits:read}', decode(repeat('00', 32), 'hex'), 'abcd', $3, '2026-01-01')`,
      [uuid(n), uuid(9), by],
    );
  await migrate(database.url, migrations);
  const { rows } = await client.query<{ maker: string | null; maker_role: string }>(
    'SELECT maker, maker_role FROM api_key ORDER BY key_id',
  );
  expect(rows.map(({ maker }) => maker)).toEqual(['ada', 'ada', 'ada', null, null, null]);
  expect(new Set(rows.map((row) => row.maker_role))).toEqual(new Set(['owner']));
  await client.end();
  await database.drop();
});
