// Every test but those that `npm run soak` runs at full size, three files at a time.
const { globSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Files are begun in this order: a long one that came last would leave the other workers with nothing to do. First
 * those of more than 20 s, then the folders whose tests start processes, then the rest.
 */
const ORDER = [
  'test/e2e/kills*.test.ts',
  'test/components/controller-faults*.test.ts',
  'test/components/{source-faults,leaders,watch-faults,watches}.test.ts',
  'test/e2e/{passes,plan,ready-templates}.test.ts',
  'test/packaging/*.test.ts',
  'test/components/{memory-tuning,cli-*,completion,tenancy,controller-*}.test.ts',
  'test/{components,e2e,docs,monitoring}/**/*.test.ts',
  'test/**/*.test.ts',
  'src/{reconcile,deliver,clients,plan}/**/*.test.ts',
  '{src,generators}/**/*.test.ts',
];

const files = ORDER.flatMap((pattern) => globSync(pattern, { cwd: join(__dirname, '..') }).sort());

module.exports = {
  ...require('../.mocharc.cjs'),
  parallel: true,
  jobs: 3,
  require: [join(__dirname, 'bundle-program.ts')],
  spec: [...new Set(files)].filter((file) => !file.startsWith('test/soak/')),
};
