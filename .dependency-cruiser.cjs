// One home per package, and one direction through the folders. `npm run deps` checks it.

const code = '^(src|generators)/';

/** The package may be imported in its home only; tests are free. */
const only = (name, home) => ({
  name: `${name}-only-in-${home}`,
  comment: `${name} has one home, ${home}; use what that folder exports.`,
  severity: 'error',
  from: { path: code, pathNot: [`^${home}`, '\\.test\\.ts$'] },
  to: { path: `node_modules/${name}/` },
});

const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to,
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('handlebars', 'src/render/'),
    only('(bcryptjs|smol-toml)', 'src/render/'),
    only('ajv', 'src/api/'),
    only('@kubernetes/client-node', 'src/clients/'),
    only('simple-git', 'src/clients/'),
    only('undici', 'src/clients/'),
    only('(prom-client|pino)', 'src/controller/'),
    only('(croner|@lezer/.*|@prometheus-io/lezer-promql)', 'src/lib/'),
    only('@marcbachmann/cel-js', 'src/reconcile/'),
    never(
      'controller-never-cli',
      '^src/controller/',
      { path: '^src/(cli/|main\\.ts)' },
      'The controller serves the command line, not the other way.',
    ),
    never(
      'lib-is-a-leaf',
      '^src/lib/',
      { path: '^(src/(?!lib/)|generators/)' },
      'lib is small pure functions.',
    ),
    never(
      'api-is-words',
      '^src/api/',
      { path: '^(src/(?!api/|lib/)|generators/)' },
      'The API is words only.',
    ),
    never(
      'render-is-pure',
      '^src/render/',
      { path: '^(src/(?!api/|lib/|render/)|generators/)' },
      'Rendering is pure: no cluster, no Git, no network.',
    ),
    never(
      'render-is-hermetic',
      '^src/render/',
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path|util|buffer)$' },
      'Rendering reads no file, no network, no environment.',
    ),
    never(
      'generate-knows-the-contract',
      '^src/generate/',
      { path: '^(src/(?!api/|lib/|generate/)|generators/(?!generator\\.ts$))' },
      'The step knows the contract, not the plugins.',
    ),
    never(
      'generators-see-the-contract',
      '^generators/',
      { path: '^src/(?!api/|lib/)' },
      'A generator sees its contract, the API and lib; nothing else.',
    ),
    {
      name: 'generators-do-not-import-each-other',
      severity: 'error',
      from: { path: '^generators/([^/]+)/' },
      to: { path: '^generators/', pathNot: ['^generators/$1/', '^generators/(generator|composition)\\.ts$'] },
    },
    never(
      'plan-is-pure',
      '^src/plan/',
      { path: '^(src/(?!api/|lib/|plan/)|generators/)' },
      'A plan is computed, not fetched.',
    ),
    never(
      'commit-never-apply',
      '^src/commit/',
      { path: '^src/(apply|generate|render|reconcile|cli)/' },
      'A target knows no other step.',
    ),
    never(
      'apply-never-commit',
      '^src/apply/',
      { path: '^src/(commit|generate|render|reconcile|cli)/' },
      'A target knows no other step.',
    ),
    never(
      'nobody-imports-the-top',
      '^src/(?!cli/|main\\.ts|reconcile/|controller/|backtest/)',
      { path: '^src/(cli/|controller/|reconcile/|backtest/|main\\.ts)' },
      'The steps do not know who calls them.',
    ),
    never(
      'reconcile-never-cli',
      '^src/reconcile/',
      { path: '^src/(cli/|controller/|main\\.ts)' },
      'The loop serves the command line, not the other way.',
    ),
    never(
      'loop-never-backtest',
      '^src/(reconcile|controller)/',
      { path: '^src/backtest/' },
      'The loop lives in the present.',
    ),
    never(
      'backtest-writes-nowhere',
      '^src/backtest/',
      {
        path: '^(src/(?!api/|lib/|generate/|render/|plan/|reconcile/|backtest/)|generators/(?!generator\\.ts$))',
      },
      'A backtest replays the loop upon memory: it knows no client and no real target.',
    ),
    never(
      'convert-is-pure',
      '^src/convert/',
      { path: '^(src/(?!api/|lib/|render/|convert/)|generators/)' },
      'A conversion is computed: it reads no file and asks nobody.',
    ),
    never(
      'code-never-tests',
      '^(src|generators)/',
      { path: '^(test|bench|examples)/' },
      'Code does not depend on tests.',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
