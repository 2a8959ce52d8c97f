// The compiler of schemas, alone in its file: only specs of chained generators need it at run time.
module.exports = require('ajv');
