import type { JsonObject } from '../../lib/json.ts';
import { CONTROLLER, type Installation, installLabels, selectorLabels } from './labels.ts';
import { METRICS_PORT } from './ports.ts';

/**
 * Lets nobody reach the controller but those who scrape its metrics, from any namespace. The kubelet's probes need no
 * leave: https://kubernetes.io/docs/concepts/services-networking/network-policies. What the controller reaches stays
 * open, as generators and repositories may be anywhere; who knows where they are adds a policy for egress.
 */
export function networkPolicy(installation: Installation): JsonObject {
  const labels = installLabels(installation, 'controller');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: CONTROLLER, namespace: installation.namespace, labels },
    spec: {
      podSelector: { matchLabels: selectorLabels() },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: METRICS_PORT }] }],
    },
  };
}
