import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIPv6, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { refuseAddress } from '../../lib/network-address.ts';

/** Milliseconds for a connection, TLS included. */
const CONNECT_TIMEOUT = 5000;

/** Resolves a name to all of its addresses, as `dns.lookup` with `all` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The address that a name leads to may not be reached. Not worth another try. */
export class AddressRefusedError extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/** PEM texts that identify both ends. `ca` replaces the system's roots. */
export interface TlsIdentity {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Whom a connector may reach, and as whom. */
export interface ConnectorOptions {
  readonly allowLoopback: boolean;
  /** Addresses that are refused beside, such as that of the API server. */
  readonly refused?: readonly string[];
  readonly tls: TlsIdentity;
  /** In place of the system's resolver. */
  readonly resolve?: Resolve;
}

/**
 * Connects only to addresses that may be reached. The address is judged where the socket gets it, so
 * neither a second DNS answer nor another spelling of the host leads around the check. No proxy is ever
 * used.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    ...options.tls,
    allowH2: false,
    // Stated, because NODE_TLS_REJECT_UNAUTHORIZED=0 would turn verification off.
    rejectUnauthorized: true,
    timeout: CONNECT_TIMEOUT,
    lookup: guardedLookup(options),
  });
  return (target, callback) => {
    // Literal addresses need no lookup, so the socket itself is asked where it ended up.
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      const refused = refuseAddress(socket.remoteAddress ?? '', options);
      if (!refused) return callback(null, socket);
      socket.destroy();
      callback(new AddressRefusedError(`${refused} is refused`), null);
    });
  };
}

/** A lookup for `net.connect` that gives an address to the socket only after judging it. */
function guardedLookup(options: ConnectorOptions): LookupFunction {
  const resolve = options.resolve ?? lookup;
  return (hostname, lookupOptions, callback) => {
    resolve(hostname, { ...lookupOptions, all: true } as LookupAllOptions, (error, addresses) => {
      const failure = error ?? refuseAll(addresses, options);
      if (failure) return callback(failure, '');
      if (lookupOptions.all) return callback(null, addresses);
      const [first] = addresses as [LookupAddress];
      callback(null, first.address, first.family);
    });
  };
}

/** One refused address is enough: a name that leads to both sides is not to be trusted with the other. */
function refuseAll(addresses: LookupAddress[], options: ConnectorOptions): Error | undefined {
  if (addresses.length === 0) return new AddressRefusedError('the name has no address');
  for (const { address } of addresses) {
    const refused = refuseAddress(address, options);
    const shown = isIPv6(address) ? `[${address}]` : address;
    if (refused) return new AddressRefusedError(`the name leads to ${shown}, ${refused}, which is refused`);
  }
  return undefined;
}
