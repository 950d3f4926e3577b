/** Which way imports may point. Server folders: each may import from those on its left only. */
const FOLDERS =
  'kit postgres db audit auth catalog accounts ledger usage statements prices budgets alerts billing live mail jobs demo api testing'.split(
    ' ',
  );

const leftOnly = FOLDERS.map((folder, index) => ({
  name: `${folder}-imports-left-only`,
  comment: `server/src/${folder} may import from ${FOLDERS.slice(0, index).join(', ') || 'nothing'} only.`,
  severity: 'error',
  from: { path: `^server/src/${folder}/`, pathNot: '(\\.test|/test-[^/]*)\\.ts$' },
  to: {
    path: '^server/src/',
    pathNot: `^server/src/(${[...FOLDERS.slice(0, index), folder].join('|')})/`,
  },
}));

/** Rooms of the ledger: each may import from those that it names, from itself, and from the folders on the ledger's left. */
const ROOMS = {
  core: [],
  wire: [],
  rows: ['core', 'wire'],
  writer: ['core', 'wire', 'rows'],
  past: ['core', 'wire', 'rows'],
  books: ['core', 'wire', 'rows', 'past'],
  graph: ['core', 'wire', 'rows', 'past'],
};

const roomsOfTheLedger = Object.entries(ROOMS).map(([room, known]) => ({
  name: `ledger-${room}-keeps-to-its-rooms`,
  comment: `server/src/ledger/${room} may import from ${known.join(', ') || 'no other room'} of the ledger.`,
  severity: 'error',
  from: { path: `^server/src/ledger/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^server/src/ledger/', pathNot: `^server/src/ledger/(${[...known, room].join('|')})/` },
}));

const IMPURE = '(^(node:)?[a-z_/]+$|^server/src/(db|postgres)/|node_modules/(pg|typeorm|pino|ws|fastify)/)';

export default {
  forbidden: [
    ...leftOnly,
    ...roomsOfTheLedger,
    {
      name: 'the-core-of-the-ledger-is-pure',
      comment: 'What ledger/core imports, however far, is neither Node, nor a database, a logger or a network.',
      severity: 'error',
      from: { path: '^server/src/ledger/core/', pathNot: '\\.test\\.ts$' },
      to: { reachable: true, path: IMPURE },
    },
    {
      name: 'tests-of-the-core-need-no-database',
      comment:
        'What a test in ledger/core imports, however far, is no database. What is about rows or writing is tested in the room of those.',
      severity: 'error',
      from: { path: '^server/src/ledger/core/.*\\.test\\.ts$' },
      to: { reachable: true, path: '(^server/src/(db|postgres)/|node_modules/(pg|typeorm)/)' },
    },
    {
      name: 'the-product-runs-without-its-tests',
      severity: 'error',
      from: { path: '^(server|client|shared)/src/', pathNot: '(\\.test|/test-[^/]*)\\.tsx?$' },
      to: { path: '(\\.test|/test-[^/]*)\\.tsx?$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: 'node_modules' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'known-folders-only',
      comment: 'A new server folder is a new word: it gets its place in the order above.',
      severity: 'error',
      from: { path: '^server/src/' },
      to: { path: `^server/src/(?!(${FOLDERS.join('|')})/)[^/]+/` },
    },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/src/' },
      to: { path: '^(server|client)/' },
    },
    {
      name: 'client-and-server-do-not-meet',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^server/' },
    },
    {
      name: 'server-does-not-know-the-client',
      severity: 'error',
      from: { path: '^server/src/' },
      to: { path: '^client/' },
    },
    {
      name: 'client-features-do-not-import-each-other',
      severity: 'error',
      from: { path: '^client/src/features/([^/]+)/' },
      to: { path: '^client/src/features/', pathNot: '^client/src/features/$1/' },
    },
    {
      name: 'client-domain-knows-no-feature',
      comment: 'What features share lies below them.',
      severity: 'error',
      from: { path: '^client/src/domain/' },
      to: { path: '^client/src/(features|app)/' },
    },
    {
      name: 'client-ui-knows-no-domain-word',
      severity: 'error',
      from: { path: '^client/src/ui/' },
      to: { path: '^client/src/(features|app|apollo|gql|domain)/' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|\\?)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
