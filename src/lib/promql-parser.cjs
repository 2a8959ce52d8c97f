// The parser, alone in its file: only sets that ask Prometheus load it.
module.exports = require('@prometheus-io/lezer-promql');
