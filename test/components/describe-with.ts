import { missingPrograms } from './find-program.ts';

/**
 * A suite that needs programs which the machine may lack: left out there, with a line that says how to get them. With
 * CI=true, where they can be fetched, that is a failure.
 */
export function describeWith(
  programs: readonly string[],
  title: string,
  define: (this: Mocha.Suite) => void,
): void {
  const missing = missingPrograms(programs);
  if (missing.length === 0) {
    describe(title, define);
    return;
  }
  const message = `no ${missing.join(' and no ')} on this machine: npm run components`;
  process.stderr.write(`skipped: ${message}\n`);
  if (process.env['CI'] !== 'true' || process.arch !== 'x64') return;
  describe(title, () => {
    it('has its programs', () => {
      throw new Error(message);
    });
  });
}
