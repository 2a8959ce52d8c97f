import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { StalledError } from '../../api/errors.ts';
import type { GitUrl } from '../../lib/git-url.ts';
import { literalAddress, refuseAddress } from '../../lib/network-address.ts';

/** Which addresses repositories may be at, where those who name them are not trusted with the whole network. */
export interface HostGuard {
  readonly allowLoopback: boolean;
  /** Addresses that are refused beside, such as that of the API server. */
  readonly refused: readonly string[];
  /** In place of the system's resolver; rejects for a name without addresses. */
  resolve?(hostname: string): Promise<readonly string[]>;
}

/** A setting of git. */
type Setting = readonly [key: string, value: string];

/**
 * Refuses a repository at an address that nothing in a cluster may be asked at, and gives the settings that keep git
 * to the addresses that were judged: neither another answer of DNS nor a redirect leads elsewhere. A name without an
 * address is git's to report. Throws a StalledError for a literal address, else a plain one: names may be corrected.
 */
export async function guardHost({ protocol, name, url }: GitUrl, guard: HostGuard): Promise<Setting[]> {
  if (protocol === 'file') return [];
  const { hostname } = new URL(`http://${name}`);
  const literal = literalAddress(hostname);
  const addresses = literal === undefined ? await resolveHost(hostname, guard) : [literal];
  for (const address of addresses) {
    const kind = refuseAddress(address, guard);
    if (kind === undefined) continue;
    const message = `${url}: ${literal === undefined ? `its host leads to ${kind}, which` : kind} is refused`;
    throw literal === undefined ? new Error(message) : new StalledError('AddressRefused', message);
  }
  if (protocol === 'ssh') return [];
  const pinned = addresses.map((address) => (isIPv6(address) ? `[${address}]` : address)).join(',');
  const port = new URL(url).port || (protocol === 'https' ? '443' : '80');
  // https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpcurloptResolve
  const pin: Setting[] =
    literal === undefined && pinned !== '' ? [['http.curloptResolve', `${hostname}:${port}:${pinned}`]] : [];
  return [...pin, ['http.followRedirects', 'false']];
}

async function resolveHost(
  hostname: string,
  { resolve = resolveBySystem }: HostGuard,
): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch {
    return [];
  }
}

async function resolveBySystem(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
