/**
 * Who may import what. The arrows point down only; the reasons are printed when a check fails.
 *
 * Rooms of the core, from the top: lifetime / shutdown, resources (which asks escape where a lease goes), escape / program, effects,
 * api / places, flow / text / types, syntax.
 */
const rooms = [
  ['lifetime', 'shutdown'],
  ['resources'],
  ['escape', 'program'],
  ['effects'],
  ['api', 'places'],
  ['flow', 'text', 'types'],
  ['syntax'],
];

const roomsOnlyPointDown = rooms.flatMap((level, depth) =>
  level.map((room) => {
    const below = rooms.slice(depth + 1).flat();
    return {
      name: `analysis-${room}-points-down`,
      comment:
        below.length === 0
          ? `analysis/${room} is the lowest room: node shapes, no types, no flow. It imports no other room.`
          : `analysis/${room} answers its question from the rooms below it (${below.join(', ')}); an arrow up or sideways makes the answers depend on each other.`,
      severity: 'error',
      from: { path: `^src/analysis/${room}/` },
      to: { path: '^src/analysis/[^/]+/', pathNot: `^src/analysis/(${[room, ...below].join('|')})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or one of them asks a question that belongs lower.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'rules-ask-the-core',
      comment:
        'A rule imports `rule`, the core by its door (`analysis/index`), `repair` and `report`: never another rule, the catalogue or a room of the core. A helper that two rules need moves down.',
      severity: 'error',
      from: { path: '^src/rules/([^/]+?)(\\.ts|/)', pathNot: '^src/rules/index\\.ts$' },
      to: {
        path: '^src/',
        pathNot: ['^src/rule\\.ts$', '^src/analysis/index\\.ts$', '^src/(?:repair|report)/', '^src/rules/$1(\\.ts|/)'],
      },
    },
    {
      name: 'core-knows-no-rule',
      comment:
        'The core knows no rule, no message, no setting and no package name: it takes the catalogue as a value. (`analysis/api` may use the types of `catalogue/schema`.)',
      severity: 'error',
      from: { path: '^src/analysis/' },
      to: { path: '^src/', pathNot: ['^src/analysis/', '^src/catalogue/schema\\.ts$'] },
    },
    {
      name: 'schema-is-for-the-api-room',
      comment: 'Only `analysis/api` reads rows of the catalogue; the other rooms ask it.',
      severity: 'error',
      from: { path: '^src/analysis/', pathNot: ['^src/analysis/api/', '^src/analysis/index\\.ts$'] },
      to: { path: '^src/catalogue/' },
    },
    ...roomsOnlyPointDown,
    {
      name: 'rooms-do-not-use-the-door',
      comment: '`analysis/index` is the door for rules; inside the core a room is imported by its own file.',
      severity: 'error',
      from: { path: '^src/analysis/' },
      to: { path: '^src/analysis/index\\.ts$' },
    },
    {
      name: 'catalogue-is-data',
      comment: 'A file of the catalogue imports `catalogue/schema` and nothing else: rows are data.',
      severity: 'error',
      from: { path: '^src/catalogue/', pathNot: '^src/catalogue/index\\.ts$' },
      to: { pathNot: '^src/catalogue/schema\\.ts$' },
    },
    {
      name: 'repair-asks-the-core',
      comment:
        '`repair` holds what several rules write to give something back: it asks the core by its door and builds edits with `report`.',
      severity: 'error',
      from: { path: '^src/repair/' },
      to: { path: '^src/', pathNot: ['^src/repair/', '^src/analysis/index\\.ts$', '^src/report/'] },
    },
    {
      name: 'report-knows-syntax',
      comment:
        '`report` words messages and builds edits from what stands in the text: it imports `analysis/syntax` only.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/', pathNot: ['^src/report/', '^src/analysis/syntax/'] },
    },
    {
      name: 'published-code-uses-declared-dependencies',
      comment: 'What is published may import `dependencies` and peers only.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
