import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Kinds of addresses that no query may reach; loopback alone can be allowed. */
type RefusedKind =
  | 'a loopback address'
  | 'a link-local address'
  | 'a metadata address'
  | 'an unspecified address'
  | 'a multicast address'
  | 'a broadcast address'
  | 'an address of the cluster itself'
  | 'not an IP address';

// Metadata services of AWS, GCP, Alibaba, Oracle and Azure that are not link-local.
const METADATA = ['100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254'];

// In this order, so that an address that is both is named by what matters more.
const REFUSED: readonly (readonly [RefusedKind, readonly string[]])[] = [
  ['a metadata address', METADATA],
  ['a broadcast address', ['255.255.255.255']],
  ['a loopback address', ['127.0.0.0/8', '::1']],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10']],
  ['an unspecified address', ['0.0.0.0/8', '::']],
  ['a multicast address', ['224.0.0.0/4', 'ff00::/8']],
];

const LISTS: readonly (readonly [RefusedKind, BlockList])[] = REFUSED.map(([kind, ranges]) => [
  kind,
  blockListOf(ranges),
]);

/**
 * Says why an address must not be reached, or undefined when it may be. IPv4 inside IPv6 (mapped, compatible,
 * NAT64, 6to4) is judged as the IPv4 address that it leads to; whatever is not an address is refused.
 */
export function refuseAddress(
  address: string,
  { allowLoopback, refused = [] }: { allowLoopback: boolean; refused?: readonly string[] },
): RefusedKind | undefined {
  const bare = address.replace(/%.*$/s, '');
  if (isAmong(bare, refused)) return 'an address of the cluster itself';
  const kind = classify(bare);
  return kind === 'a loopback address' && allowLoopback ? undefined : kind;
}

/** The literal address in a URL's host, as the URL parser wrote it; undefined when the host is a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIPv4(bare) || isIPv6(bare) ? bare : undefined;
}

/** The kind for which an address is refused, loopback included. */
function classify(address: string): RefusedKind | undefined {
  if (isIPv4(address)) return find(address, 'ipv4');
  if (!isIPv6(address)) return 'not an IP address';
  const direct = find(address, 'ipv6');
  if (direct) return direct;
  const embedded = embeddedIpv4(address);
  return embedded === undefined ? undefined : find(embedded, 'ipv4');
}

/** Whether an address leads to one of these, whatever the spelling of either. */
function isAmong(address: string, refused: readonly string[]): boolean {
  const place = placeOf(address);
  return place !== undefined && refused.some((one) => placeOf(one) === place);
}

/** One text for all spellings of an address, IPv4 inside IPv6 among them; undefined for what is none. */
function placeOf(address: string): string | undefined {
  if (isIPv4(address)) return address;
  return isIPv6(address) ? (embeddedIpv4(address) ?? expandIpv6(address).join(':')) : undefined;
}

function find(address: string, family: 'ipv4' | 'ipv6'): RefusedKind | undefined {
  return LISTS.find(([, list]) => list.check(address, family))?.[0];
}

const EMBEDDING = ['0:0:0:0:0:0', '0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'];

/** The IPv4 address inside: compatible and mapped (RFC 4291), NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), SIIT (RFC 2765). */
function embeddedIpv4(address: string): string | undefined {
  const groups = expandIpv6(address);
  const head = groups.slice(0, 6).join(':');
  if (EMBEDDING.includes(head) || head.startsWith('64:ff9b:1:')) {
    return dotted(groups[6], groups[7]);
  }
  return groups[0] === '2002' ? dotted(groups[1], groups[2]) : undefined;
}

/** The eight groups of an IPv6 address, each in lower-case hexadecimal without leading zeros. */
function expandIpv6(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}

/** Two hexadecimal groups as four decimal numbers. */
function dotted(high = '0', low = '0'): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    const family = isIPv4(network) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
