import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normaliseGitUrl, parseGitUrl } from './git-url.ts';

describe('parseGitUrl', () => {
  const refused = [
    '',
    'ext::sh -c id',
    'ext::sh',
    'fd::17',
    'EXT::x',
    'git://example.com/x.git',
    'ftp://example.com/x',
    'git+ssh://git@example.com/x',
    '-oProxyCommand=id',
    '--upload-pack=id',
    'ssh://-x/',
    'ssh://-oProxyCommand=id/x',
    'ssh://user@-x/y',
    'ssh://-u@host/y',
    '-u@host:path',
    'git@-host:path',
    'git@host:-path',
    'git@host:',
    'git@host',
    'host:path:more',
    'ssh://host',
    'ssh://host/',
    'ssh://host:0/x',
    'ssh://host:99999/x',
    'ssh://host:22x/x',
    'ssh://user:pass@host/x',
    'user:pass@host:path',
    'ssh://host/a b',
    'ssh://host/../x',
    'ssh://host/%2e%2e/x',
    'ssh://host/a%0ab',
    'https://user:secret@host/x.git',
    'https://:secret@host/x.git',
    'https://host/',
    'https://host',
    'https:///x',
    'https://host/x?token=1',
    'https://host/x#frag',
    'https://host/x?',
    'https://host/%zz',
    'https://host/a%0ab',
    'https://host/x\nhttps://other/y',
    'https://host/x\\y',
    'https://ho st/x',
    'http://[::1/x',
    'relative/path',
    './path',
    '../path',
    'C:\\repo',
    `https://host/${'a'.repeat(2100)}`,
    'git@host:pa\u202eth',
  ];
  for (const url of refused) {
    it(`refuses ${JSON.stringify(url.slice(0, 50))}`, () => {
      assert.throws(() => parseGitUrl(url, { allowFile: true }), /^Error: the repository's url /);
    });
  }

  const local = ['/srv/git/x.git', 'file:///srv/git/x.git', 'FILE:///srv/x'];
  for (const url of local) {
    it(`takes ${url} only where files are allowed`, () => {
      assert.equal(parseGitUrl(url, { allowFile: true }).protocol, 'file');
      assert.throws(() => parseGitUrl(url, { allowFile: false }), /local path/);
    });
  }

  it('refuses a file url of another host', () => {
    assert.throws(() => parseGitUrl('file://other/srv/x', { allowFile: true }), /file:\/\/\/path/);
  });

  it('never quotes an address, which may hold a secret', () => {
    const hostile = [
      'https://u:CANARY@host/x',
      'user:CANARY@host:x',
      'ssh://u:CANARY@h/x',
      'CANARY x',
      'https://h/x?CANARY',
    ];
    for (const url of hostile) {
      assert.throws(
        () => parseGitUrl(url, { allowFile: true }),
        (error: Error) => !error.message.includes('CANARY'),
      );
    }
  });

  it('drops a user name of https, which may be a token', () => {
    const { url, name } = parseGitUrl('https://TOKEN@dev.azure.com/org/_git/repo', { allowFile: false });
    assert.equal(url, 'https://dev.azure.com/org/_git/repo');
    assert.equal(name, 'dev.azure.com/org/_git/repo');
  });

  it('gives git an address that begins with its protocol or a user', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl(), fc.string({ unit: fc.constantFrom(...'-:/@.aA%~ ') })),
        (text) => {
          let url: string;
          try {
            url = parseGitUrl(text, { allowFile: true }).url;
          } catch {
            return;
          }
          assert.match(
            url,
            /^(https?:\/\/|ssh:\/\/[A-Za-z0-9_]|file:\/\/\/|[A-Za-z0-9_][\w.-]*@[A-Za-z0-9[])/,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('normaliseGitUrl', () => {
  const spellings = [
    {
      name: 'example.com/org/repo',
      urls: [
        'https://example.com/org/repo',
        'https://example.com/org/repo.git',
        'https://EXAMPLE.com:443/org/repo.git/',
        'HTTPS://example.com/org/repo/',
        'https://someone@example.com/org/repo',
        'http://example.com:80/org/repo.git',
        'ssh://git@example.com/org/repo.git',
        'ssh://git@Example.com:22/org/repo',
        'git@example.com:org/repo.git',
        'example.com:org/repo',
        'git@example.com:/org/repo.git',
      ],
    },
    { name: 'example.com:8443/x', urls: ['https://example.com:8443/x.git', 'https://Example.com:8443/x/'] },
    { name: 'file:///srv/git/x', urls: ['/srv/git/x.git', '/srv/git/x', 'file:///srv/git/x.git/'] },
  ];
  for (const { name, urls } of spellings) {
    for (const url of urls) it(`takes ${url} for ${name}`, () => assert.equal(normaliseGitUrl(url), name));
  }

  it('keeps paths apart that differ in case', () => {
    assert.notEqual(normaliseGitUrl('https://h/A'), normaliseGitUrl('https://h/a'));
  });
});
