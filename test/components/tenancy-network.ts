import { networkInterfaces } from 'node:os';
import { type Attack, api, generator, git } from './tenancy-attack.ts';

const FIRST_ADDRESS = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === 'IPv4')?.address;

const refused = (endpoint: string, why: RegExp): Attack => ({
  what: `a query to ${endpoint}`,
  spec: () => api(endpoint),
  stalled: true,
  reason: 'AddressRefused',
  message: why,
});

/** Addresses that no set may make the controller ask. */
const ADDRESSES: readonly Attack[] = [
  refused('http://169.254.169.254/latest/meta-data/', /a metadata address is refused|link-local/),
  refused('http://[fd00:ec2::254]/', /a metadata address/),
  refused('http://2130706433/', /a loopback address/),
  refused('http://0x7f.1/', /a loopback address/),
  refused('http://[::ffff:127.0.0.1]/', /a loopback address/),
  refused('http://0/', /an unspecified address/),
  {
    what: 'a query to a server on loopback',
    spec: ({ canary }) => api(canary),
    stalled: true,
    reason: 'AddressRefused',
    message: /a loopback address/,
  },
  {
    what: 'a query to the API server',
    spec: ({ server }) => api(`${server}/api/v1/secrets`),
    stalled: true,
    reason: 'AddressRefused',
    message: /a loopback address/,
  },
  {
    what: 'a query by a name that leads to loopback',
    spec: ({ canary }) => api(canary.replace('127.0.0.1', 'localhost')),
    reason: 'ArtifactFailed',
    message: /leads to .*a loopback address, which is refused/,
  },
  ...[0, 1].map(
    (index): Attack => ({
      what: `a query to the controller's own ${index === 0 ? 'metrics' : 'health checks'}`,
      spec: ({ own }) => api(`${own[index]}/metrics`),
      stalled: true,
      reason: 'AddressRefused',
      message: /a loopback address/,
    }),
  ),
  // In a pod, metrics and health are on the pod's own address.
  ...(FIRST_ADDRESS === undefined
    ? []
    : [
        refused(`http://${FIRST_ADDRESS}:8080/metrics`, /an address of the cluster itself/),
        refused(`http://[::ffff:${FIRST_ADDRESS}]:8080/metrics`, /an address of the cluster itself/),
      ]),
];

/** Addresses at which no repository is, for sets. */
const REPOSITORY_ADDRESSES: readonly Attack[] = [
  {
    what: 'a repository to write on loopback',
    spec: ({ canary }) => git({ url: `${canary}/x.git` }),
    stalled: true,
    reason: 'AddressRefused',
    message: /a loopback address is refused/,
  },
  {
    what: 'a repository to read that is the metadata service',
    spec: () =>
      generator({
        gitDirectory: { interval: '1h', url: 'http://169.254.169.254/x', directories: [{ path: '*' }] },
      }),
    stalled: true,
    reason: 'AddressRefused',
    message: /a link-local address is refused/,
  },
  {
    what: 'a repository by a name that leads to loopback',
    spec: ({ canary }) => git({ url: `${canary.replace('127.0.0.1', 'localhost')}/x.git` }),
    reason: 'ReconciliationFailed',
    message: /its host leads to a loopback address, which is refused/,
  },
];

/** Repositories and folders of the controller's own machine, and programs that it must not run. */
const REPOSITORIES: readonly Attack[] = [
  ...['file:///etc', '/etc'].map(
    (url): Attack => ({
      what: `the repository ${url}`,
      spec: () => git({ url }),
      stalled: true,
      reason: 'InvalidURL',
      message: /this machine|local|not allowed/,
    }),
  ),
  ...['ext::sh -c id', 'fd::17', 'ssh://-oProxyCommand=id/x', '-oProxyCommand=id', 'git://host/x'].map(
    (url): Attack => ({
      what: `the repository ${url}`,
      spec: () => git({ url }),
      stalled: true,
      reason: 'ValidationFailed',
      message: /spec\.target\.git\.url/,
    }),
  ),
  {
    what: 'the repository file:///etc as a generator',
    spec: () =>
      generator({ gitDirectory: { interval: '1h', url: 'file:///etc', directories: [{ path: '*' }] } }),
    stalled: true,
    reason: 'InvalidURL',
    message: /this machine|local|not allowed/,
  },
  {
    what: "a folder of the controller's machine",
    spec: () => ({ target: { directory: { path: '/tmp/generatorset-loot' } } }),
    stalled: true,
    reason: 'InvalidPath',
    message: /the controller writes no files of its own machine/,
  },
];

/** Everything that a set may try to reach or to run. */
export const NETWORK_ATTACKS: readonly Attack[] = [...ADDRESSES, ...REPOSITORY_ADDRESSES, ...REPOSITORIES];
