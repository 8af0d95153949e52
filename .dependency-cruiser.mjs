// Who may import whom: the table of docs/ARCHITECTURE.md as rules. `npm run check:imports` runs them.

/** The import table: each layer, the layers that it may import besides itself, and the reason. Tests follow it too. */
const LAYERS = [
  {
    name: 'math',
    folder: 'lib/math/',
    mayImport: [],
    reason: 'Mathematics lies below everything, so that every layer can use it.',
  },
  {
    name: 'contracts',
    folder: 'lib/contracts/',
    mayImport: ['lib/math/'],
    reason: 'Every side of a boundary loads the contracts; they must not pull an implementation in.',
  },
  {
    name: 'format',
    folder: 'lib/format/',
    mayImport: ['lib/contracts/', 'lib/math/'],
    reason: 'A codec knows bytes and plain data, not the models that use them.',
  },
  {
    name: 'engine',
    folder: 'lib/engine/',
    mayImport: ['lib/contracts/', 'lib/format/', 'lib/math/'],
    reason: 'The engine is pure computation: it runs in a worker, in Node and in tests without a host.',
  },
  {
    name: 'hnsw',
    folder: 'lib/hnsw/',
    mayImport: ['lib/engine/vector-index/', 'lib/format/', 'lib/contracts/', 'lib/math/'],
    reason: 'The HNSW index is one implementation of the engine’s vector index and needs nothing else of the engine.',
  },
  {
    name: 'artifacts',
    folder: 'lib/artifacts/',
    mayImport: ['lib/engine/', 'lib/format/', 'lib/contracts/', 'lib/math/'],
    reason: 'Loaders turn files into an engine; who calls the engine is not their concern.',
  },
  {
    name: 'worker',
    folder: 'lib/worker/',
    mayImport: ['lib/artifacts/', 'lib/engine/', 'lib/format/', 'lib/contracts/', 'lib/math/', 'lib/hnsw/'],
    reason: 'The worker hosts the engine in the browser; the page and the server are on the other side of a boundary.',
  },
  {
    name: 'server',
    folder: 'lib/server/',
    mayImport: ['lib/artifacts/', 'lib/engine/', 'lib/format/', 'lib/contracts/', 'lib/math/'],
    reason: 'The server deploys without the pipeline, and its modules do not depend on the routes that call them.',
  },
  {
    name: 'components',
    folder: 'components/',
    mayImport: ['lib/worker/client(-contract)?\\.ts$', 'lib/contracts/', 'lib/math/'],
    reason: 'The page reaches the engine through the worker’s client only: anything else would run on the main thread.',
  },
  {
    // app/recommend is the former address of a route under app/api.
    name: 'api',
    folder: 'app/(api|recommend)/',
    mayImport: ['lib/server/', 'lib/contracts/'],
    mayImportTypesOf: ['lib/engine/'],
    reason: 'Routes are thin; what they do lives in lib/server. Rendering is not their concern.',
  },
  {
    name: 'pages',
    folder: 'app/(?!(api|recommend)/)',
    mayImport: ['components/', 'lib/server/', 'lib/contracts/'],
    reason: 'Pages are thin: they fetch through lib/server and render components.',
  },
  {
    name: 'pipeline',
    folder: 'pipeline/',
    mayImport: ['lib/engine/', 'lib/format/', 'lib/artifacts/', 'lib/contracts/', 'lib/math/', 'lib/hnsw/'],
    reason: 'The pipeline builds and measures artifacts on a machine without server, page or browser.',
  },
];

/** Our own folders; packages and Node's modules are not layers. */
const OURS = '^(app|bench|bin|components|e2e|lib|pipeline|scripts|testing)/';
const TEST_FILES = '\\.test\\.tsx?$';
/** Fixtures: the shared ones, and those of one folder. */
const FIXTURES = '(^|/)testing/';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const layerRules = LAYERS.flatMap(({ name, folder, mayImport, mayImportTypesOf = [], reason }) => {
  const rule = { comment: reason, severity: 'error', from: { path: `^${folder}` } };
  const start = (path) => `^${path}`;
  // Imports of fixtures are the concern of `fixtures-in-tests-only`.
  const allowed = [folder, ...mayImport, ...mayImportTypesOf].map(start).concat(FIXTURES);
  return [
    { ...rule, name: `layer-${name}`, to: { path: OURS, pathNot: allowed } },
    ...mayImportTypesOf.map((path) => ({
      ...rule,
      name: `layer-${name}-types`,
      to: { path: start(path), dependencyTypesNot: ['type-only'] },
    })),
  ];
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    {
      name: 'fixtures-in-tests-only',
      comment: 'Shipped code must not depend on fixtures or tests; benches and browser tests may.',
      severity: 'error',
      from: { path: '^(app|components|lib|pipeline|scripts|bin)/', pathNot: [TEST_FILES, FIXTURES] },
      to: { path: [FIXTURES, TEST_FILES] },
    },
    {
      name: 'no-cycles',
      comment: 'Modules in a cycle cannot be read, tested or loaded one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that this check cannot resolve would pass every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(bench/empty|\\.next|public|data)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports count: a layer that knows another's types depends on it.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'require', 'default'] },
  },
};
