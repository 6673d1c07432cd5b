/** Imports run one way: see docs/architecture.md. */
const pure = '^shared/(intake|model|knowledge|detect|detections|history|state|triage|alert|report|coverage|enrolment)/';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(shared|functions|cli|infra)/', pathNot: '^(cli|functions|infra)/[^/]+\\.ts$' },
      to: {},
    },
    {
      name: 'only-adapters-know-aws',
      severity: 'error',
      from: { pathNot: '^(shared/adapters|infra|test)/' },
      to: { path: '@aws-sdk/|@smithy/' },
    },
    {
      name: 'only-composition-roots-import-adapters',
      severity: 'error',
      from: { pathNot: '^(functions|cli|test|shared/adapters)/' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'the-core-is-pure',
      severity: 'error',
      from: { path: pure },
      to: { path: '^(functions|cli|infra|test)/|^shared/pipeline|node:(fs|net|http|https|child_process|timers)', pathNot: '^node:net$' },
    },
    {
      name: 'detections-know-kit-events-knowledge-only',
      severity: 'error',
      from: { path: '^shared/detections/' },
      to: { pathNot: '^shared/(detect/kit|model/|knowledge/)' },
    },
    {
      name: 'infra-knows-the-contract-only',
      severity: 'error',
      from: { path: '^infra/' },
      to: {
        path: '^(shared|functions|cli|test)/',
        pathNot: '^shared/(contract/[a-z]+|detect/derive|lists/(compiled|list-text|reading|unusable))\\.ts$',
      },
    },
    { name: 'nobody-imports-entry-points', severity: 'error', from: { path: '^shared/' }, to: { path: '^(functions|cli|infra)/' } },
    { name: 'product-does-not-import-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(shared|functions|cli)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
