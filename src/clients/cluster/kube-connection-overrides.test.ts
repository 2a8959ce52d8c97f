import assert from 'node:assert/strict';
import type { JsonObject } from '../../lib/json.ts';
import {
  type ConnectionOverrides,
  impersonationHeaders,
  overrideCluster,
  overrideUser,
} from './kube-connection-overrides.ts';

const CLUSTER = {
  server: 'https://a',
  'certificate-authority-data': 'x',
  'tls-server-name': 'a',
  'proxy-url': 'http://p',
};

describe('overrideCluster', () => {
  const cases: [string, ConnectionOverrides, JsonObject][] = [
    ['nothing', {}, CLUSTER],
    [
      'another server, whose certificate has another name',
      { server: 'https://b' },
      { server: 'https://b', 'certificate-authority-data': 'x', 'proxy-url': 'http://p' },
    ],
    [
      'another authority in place of the one before',
      { certificateAuthority: '/ca' },
      {
        server: 'https://a',
        'certificate-authority': '/ca',
        'tls-server-name': 'a',
        'proxy-url': 'http://p',
      },
    ],
    [
      'no authority at all',
      { insecureSkipTlsVerify: true },
      {
        server: 'https://a',
        'insecure-skip-tls-verify': true,
        'tls-server-name': 'a',
        'proxy-url': 'http://p',
      },
    ],
    ['another name', { tlsServerName: 'b' }, { ...CLUSTER, 'tls-server-name': 'b' }],
  ];
  for (const [what, overrides, expected] of cases) {
    it(`takes ${what}`, () => assert.deepEqual(overrideCluster(CLUSTER, overrides), expected));
  }

  it('checks again with an authority, where the kubeconfig does not', () => {
    const cluster = { server: 'https://a', 'insecure-skip-tls-verify': true };
    const expected = { server: 'https://a', 'certificate-authority': '/ca' };
    assert.deepEqual(overrideCluster(cluster, { certificateAuthority: '/ca' }), expected);
  });

  it('refuses an authority that is not to be looked at', () => {
    assert.throws(
      () => overrideCluster({}, { certificateAuthority: '/ca', insecureSkipTlsVerify: true }),
      /exclude each other/,
    );
  });
});

describe('overrideUser', () => {
  const user = {
    'client-certificate-data': 'c',
    'client-key-data': 'k',
    exec: {},
    as: 'joe',
    'as-groups': ['g'],
  };

  it('takes a token in place of all credentials, and leaves whom the user acts as', () => {
    assert.deepEqual(overrideUser(user, { token: 't' }), { as: 'joe', 'as-groups': ['g'], token: 't' });
  });

  it('takes a certificate in place of all credentials', () => {
    const files = { clientCertificate: '/c', clientKey: '/k' };
    const expected = { as: 'joe', 'as-groups': ['g'], 'client-certificate': '/c', 'client-key': '/k' };
    assert.deepEqual(overrideUser(user, files), expected);
    assert.throws(() => overrideUser(user, { clientKey: '/k' }), /given together/);
  });

  it('acts as somebody else without the groups of the one before', () => {
    assert.deepEqual(overrideUser({ token: 't', as: 'joe', 'as-groups': ['g'] }, { as: 'jane' }), {
      token: 't',
      as: 'jane',
    });
  });
});

describe('impersonationHeaders', () => {
  it('has a header for each group', () => {
    assert.deepEqual(impersonationHeaders({ as: 'jane', 'as-groups': ['a', 'b'], 'as-uid': '7' }), {
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b'],
      'impersonate-uid': '7',
    });
    assert.deepEqual(impersonationHeaders({}), {});
  });

  const refused: [string, JsonObject, RegExp][] = [
    ['groups without a user', { 'as-groups': ['a'] }, /need the user/],
    ['a uid without a user', { 'as-uid': '7' }, /need the user/],
    ['a line break', { as: 'a\r\nimpersonate-group: system:masters' }, /printable ASCII/],
    ['a group that is no header', { as: 'a', 'as-groups': ['é'] }, /printable ASCII/],
    ['an empty group', { as: 'a', 'as-groups': [''] }, /printable ASCII/],
  ];
  for (const [what, user, words] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => impersonationHeaders(user), words));
  }
});
