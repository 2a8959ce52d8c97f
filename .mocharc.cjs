const isCI = process.env.CI === 'true';

module.exports = {
  'check-leaks': true,
  'fail-zero': true,
  // A test that runs alone or not at all is no proof.
  'forbid-only': isCI,
  'forbid-pending': isCI,
  'node-option': ['disable-warning=ExperimentalWarning'],
  slow: 2000,
  timeout: 60000,
};
