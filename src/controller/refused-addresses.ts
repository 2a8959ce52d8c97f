import { networkInterfaces } from 'node:os';

/** What decides whom the sets of a controller may not ask. */
interface Surroundings {
  /** Whether sets may reach this very machine, for tests. */
  readonly allowLoopback: boolean;
  /** The API server as a pod finds it. */
  readonly apiServer?: string | undefined;
  /** Default: those of this machine. */
  readonly interfaces?: ReturnType<typeof networkInterfaces>;
}

/**
 * Addresses that no set may ask beside those that nobody may: the API server answers to tokens, not to whoever comes
 * from within, and metrics and health are served on the pod's own addresses, past the rules of the network.
 */
export function refusedAddresses({
  allowLoopback,
  apiServer = '',
  interfaces = networkInterfaces(),
}: Surroundings): string[] {
  const own = Object.values(interfaces)
    .flatMap((addresses = []) => addresses)
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
  return [...(apiServer === '' ? [] : [apiServer]), ...(allowLoopback ? [] : own)];
}
