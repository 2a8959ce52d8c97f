import { buildOracle } from '../conformance/build-oracle.ts';
import { runFuzz } from '../conformance/fuzz/run-fuzz.ts';

const CASES = 20_000;
const MAX_SEED = 2 ** 31;

const oracle = buildOracle();
const { program } = oracle;
if (program === undefined) {
  process.stdout.write(`soak: no templates beside real Go: ${oracle.reason}\n`);
} else {
  describe('soak: templates beside real Go', function () {
    this.timeout(3_600_000);
    const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * MAX_SEED));

    it(`give what Go gives in ${CASES} random cases (seed ${seed})`, () => {
      const { outputs, errors, equalWords, expected } = runFuzz(program, CASES, seed);
      const differences = [...expected].map(([name, count]) => `${name} ${count}`).join(', ');
      process.stdout.write(
        `    ${outputs} outputs and ${errors} errors are equal, ${equalWords} of these in their words too;` +
          ` on purpose differ: ${differences}\n`,
      );
    });
  });
}
