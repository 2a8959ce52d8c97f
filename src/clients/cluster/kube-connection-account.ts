import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { KubeconfigFiles } from './kube-connection-files.ts';

/** Where a pod finds its service account: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod */
const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where a pod's service account is looked for. */
export interface AccountPlace {
  readonly environment: NodeJS.ProcessEnv;
  /** In place of the folder where a pod finds its account. */
  readonly accountFolder?: string;
}

/** A pod's own service account as a kubeconfig. Throws where this is no pod. */
export async function readAccount({
  accountFolder = ACCOUNT_FOLDER,
  environment,
}: AccountPlace): Promise<KubeconfigFiles> {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    throw new Error(
      'no kubeconfig: name one with --kubeconfig or KUBECONFIG, or run in a pod with a service account',
    );
  }
  const tokenFile = join(accountFolder, 'token');
  const namespace = await readFile(join(accountFolder, 'namespace'), 'utf8').catch(() => '');
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    description: `service account in ${accountFolder}`,
    config: {
      clusters: [
        { name: 'pod', cluster: { server, 'certificate-authority': join(accountFolder, 'ca.crt') } },
      ],
      users: [{ name: 'pod', user: { tokenFile } }],
      contexts: [{ name: 'pod', context: { cluster: 'pod', user: 'pod', namespace: namespace.trim() } }],
      'current-context': 'pod',
    },
  };
}
