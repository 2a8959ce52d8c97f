import assert from 'node:assert/strict';
import fc from 'fast-check';
import { literalAddress, refuseAddress } from './network-address.ts';

const REFUSED: [string, string][] = [
  ['169.254.169.254', 'a link-local address'],
  ['169.254.0.1', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['fe80::1%eth0', 'a link-local address'],
  ['febf::1', 'a link-local address'],
  ['::ffff:169.254.169.254', 'a link-local address'],
  ['::ffff:a9fe:a9fe', 'a link-local address'],
  ['64:ff9b::a9fe:a9fe', 'a link-local address'],
  ['64:ff9b:1::a9fe:a9fe', 'a link-local address'],
  ['2002:a9fe:a9fe::1', 'a link-local address'],
  ['fd00:ec2::254', 'a metadata address'],
  ['fd00:0ec2:0:0:0:0:0:0254', 'a metadata address'],
  ['fd20:ce::254', 'a metadata address'],
  ['100.100.100.200', 'a metadata address'],
  ['192.0.0.192', 'a metadata address'],
  ['168.63.129.16', 'a metadata address'],
  ['::ffff:100.100.100.200', 'a metadata address'],
  ['0.0.0.0', 'an unspecified address'],
  ['0.1.2.3', 'an unspecified address'],
  ['::', 'an unspecified address'],
  ['::ffff:0.0.0.0', 'an unspecified address'],
  ['224.0.0.1', 'a multicast address'],
  ['239.255.255.255', 'a multicast address'],
  ['ff02::1', 'a multicast address'],
  ['255.255.255.255', 'a broadcast address'],
  ['localhost', 'not an IP address'],
  ['', 'not an IP address'],
  ['1.2.3', 'not an IP address'],
  ['0x7f.1', 'not an IP address'],
];
const LOOPBACK = [
  '127.0.0.1',
  '127.255.0.9',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '::ffff:0:127.0.0.1',
];
const ALLOWED = [
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  '100.64.0.1',
  '8.8.8.8',
  '2001:db8::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '2002:a00:1::1',
];

describe('refuseAddress', () => {
  for (const [address, kind] of REFUSED) {
    it(`refuses ${address || 'an empty text'}, ${kind}, even where loopback is allowed`, () => {
      assert.equal(refuseAddress(address, { allowLoopback: true }), kind);
      assert.equal(refuseAddress(address, { allowLoopback: false }), kind);
    });
  }

  for (const address of LOOPBACK) {
    it(`refuses ${address} unless loopback is allowed`, () => {
      assert.equal(refuseAddress(address, { allowLoopback: false }), 'a loopback address');
      assert.equal(refuseAddress(address, { allowLoopback: true }), undefined);
    });
  }

  for (const address of ALLOWED) {
    it(`allows ${address}`, () => assert.equal(refuseAddress(address, { allowLoopback: false }), undefined));
  }

  it('judges an IPv4 address and its mapped forms alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const expected = refuseAddress(address, { allowLoopback: false });
        assert.equal(refuseAddress(`::ffff:${address}`, { allowLoopback: false }), expected);
        assert.equal(refuseAddress(`64:ff9b::${address}`, { allowLoopback: false }), expected);
      }),
    );
  });

  it('judges every IPv6 address without failing, in any spelling alike', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        const options = { allowLoopback: false };
        assert.equal(refuseAddress(address, options), refuseAddress(canonical, options));
      }),
    );
  });
});

describe('literalAddress', () => {
  const cases: [string, string | undefined][] = [
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0/', '0.0.0.0'],
    ['http://127.1/', '127.0.0.1'],
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://[::]/', '::'],
    ['http://localhost./', undefined],
    ['http://prometheus:9090/', undefined],
  ];
  for (const [url, expected] of cases) {
    it(`finds ${expected ?? 'none'} in ${url}`, () => {
      assert.equal(literalAddress(new URL(url).hostname), expected);
    });
  }
});

describe('refuseAddress', () => {
  it('refuses what it is told to, though the kind of address is allowed', () => {
    const options = { allowLoopback: true, refused: ['10.96.0.1', '127.0.0.1'] };
    assert.equal(refuseAddress('10.96.0.1', options), 'an address of the cluster itself');
    assert.equal(refuseAddress('127.0.0.1', options), 'an address of the cluster itself');
    assert.equal(refuseAddress('::ffff:10.96.0.1', options), 'an address of the cluster itself');
    assert.equal(refuseAddress('::ffff:a60:1', options), 'an address of the cluster itself');
    assert.equal(refuseAddress('10.96.0.2', options), undefined);
    const long = { allowLoopback: false, refused: ['fd00:0:0:0:0:0:0:1', ''] };
    assert.equal(refuseAddress('fd00::1', long), 'an address of the cluster itself');
  });
});
