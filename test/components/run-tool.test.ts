import assert from 'node:assert/strict';
import { runTool } from './run-tool.ts';

describe('runTool', () => {
  it('gives what the tool printed', () => {
    assert.equal(
      runTool('sh', ['-c', 'echo "$WORD"; echo noise >&2'], { cwd: '/', env: { WORD: 'yes' } }),
      'yes\n',
    );
  });

  const failures: [string, string, string[], RegExp][] = [
    [
      'its code and the last 20 lines',
      'sh',
      ['-c', 'seq 30; exit 2'],
      /^sh -c failed \(code 2\):\n11\n(\d+\n)*30$/,
    ],
    ['its errors', 'sh', ['-c', 'echo broken >&2; exit 1'], /\(code 1\):\nbroken$/],
    ['the signal that ended it', 'sh', ['-c', 'kill -9 $$'], /\(SIGKILL\)/],
    ['that there is no such tool', 'no-such-tool', [], /ENOENT/],
  ];
  for (const [what, command, args, message] of failures) {
    it(`tells of a failure ${what}`, () => {
      assert.throws(
        () => runTool(command, args, { cwd: '/' }),
        (error: Error) => message.test(error.message),
      );
    });
  }
});
