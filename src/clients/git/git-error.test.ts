import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanLines, describeFailure, remoteText } from './git-error.ts';

const CASES: readonly { stderr: string; cause: RegExp }[] = [
  {
    stderr: 'Host key verification failed.\nfatal: Could not read from remote repository.',
    cause: /host key is not the one/,
  },
  { stderr: '@@@ REMOTE HOST IDENTIFICATION HAS CHANGED! @@@', cause: /host key is not the one/ },
  { stderr: "fatal: Authentication failed for 'https://h/x/'", cause: /authentication failed/ },
  {
    stderr: "fatal: could not read Username for 'https://h': terminal prompts disabled",
    cause: /authentication failed/,
  },
  {
    stderr: "fatal: unable to access 'https://h/x/': The requested URL returned error: 403",
    cause: /authentication failed/,
  },
  { stderr: 'git@h: Permission denied (publickey).', cause: /authentication failed/ },
  { stderr: 'Load key "identity": error in libcrypto', cause: /authentication failed/ },
  {
    stderr: "fatal: unable to access 'https://h/x/': The requested URL returned error: 301",
    cause: /redirects/,
  },
  { stderr: "fatal: repository 'https://h/x/' not found", cause: /no such repository/ },
  { stderr: "fatal: '/srv/x' does not appear to be a git repository", cause: /no such repository/ },
  { stderr: 'ERROR: Repository not found.', cause: /no such repository/ },
  { stderr: 'server certificate verification failed. CAfile: none', cause: /certificate cannot be verified/ },
  { stderr: "fatal: detected dubious ownership in repository at '/srv/x'", cause: /belongs to another user/ },
  { stderr: "fatal: couldn't find remote ref refs/heads/x", cause: /does not have this ref/ },
  { stderr: "fatal: unable to access 'https://h/': Could not resolve host: h", cause: /cannot be reached/ },
  {
    stderr: "fatal: unable to access 'https://h/': Failed to connect to h port 443",
    cause: /cannot be reached/,
  },
  { stderr: 'error: RPC failed; curl 18 transfer closed\nfatal: early EOF', cause: /cannot be reached/ },
  {
    stderr: "fatal: unable to access 'https://h/': The requested URL returned error: 503",
    cause: /cannot be reached/,
  },
  { stderr: 'fatal: write error: No space left on device', cause: /disk is full/ },
  { stderr: 'fatal: something new', cause: /^cannot read x: fatal: something new$/ },
  { stderr: '', cause: /^cannot read x: git ended with 128$/ },
];

describe('describeFailure', () => {
  for (const { stderr, cause } of CASES) {
    it(`words ${JSON.stringify(stderr.slice(0, 60))}`, () => {
      const error = describeFailure('read x', { exitCode: 128, stdout: Buffer.alloc(0), stderr });
      assert.match(error.message, cause);
      assert.match(error.message, /^cannot read x: /);
    });
  }

  it('tells a signal and a git that did not start from an exit code', () => {
    const result = { stdout: Buffer.alloc(0), stderr: '' };
    assert.match(describeFailure('read x', { ...result, exitCode: null }).message, /ended with a signal/);
    assert.match(describeFailure('read x', { ...result, exitCode: -2 }).message, /is it installed/);
  });
});

describe('remoteText', () => {
  it("is the server's lines only", () => {
    const stderr =
      "remote: one  \r\nremote:\nTo https://h/x\nremote: two\nerror: failed to push some refs to 'x'\n";
    assert.equal(remoteText(stderr, []), 'one; two');
    assert.equal(remoteText('error: failed\n', []), '');
  });
});

describe('cleanLines', () => {
  const cases: { name: string; text: string; secrets?: string[]; expected: string[] }[] = [
    { name: 'drops colours', text: '\u001b[1;31mred\u001b[0m', expected: ['red'] },
    {
      name: 'blanks other control and invisible characters',
      text: 'a\u0007b\u202ec\u2028d',
      expected: ['a b c d'],
    },
    {
      name: 'drops user information of urls',
      text: 'at https://user:pw@h/x and //t@h',
      expected: ['at https://h/x and //h'],
    },
    { name: 'hides secrets', text: 'pw=hunter2 hunter2', secrets: ['hunter2', ''], expected: ['pw=*** ***'] },
    { name: 'cuts long lines', text: 'x'.repeat(400), expected: [`${'x'.repeat(300)}...`] },
    {
      name: 'cuts many lines',
      text: 'x\n'.repeat(20),
      expected: [...Array.from({ length: 8 }, () => 'x'), '...'],
    },
    { name: 'skips empty lines', text: '\n a \n\n', expected: ['a'] },
  ];
  for (const { name, text, secrets = [], expected } of cases) {
    it(name, () => assert.deepEqual(cleanLines(text, secrets), expected));
  }

  it('shows no secret and no control character of any text', () => {
    const secret = fc.stringMatching(/^[!-~]{6,20}$/).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), secret, fc.string(), (before, hidden, after) => {
        const shown = cleanLines(`${before}${hidden}${after}`, [hidden]).join('\n');
        assert.ok(!shown.includes(hidden));
        assert.ok(!/[^\P{Cc}\n]/u.test(shown));
      }),
    );
  });
});
