import { makeCertificates } from '../harness/http-certificates.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { applyObject } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** What is asked about a write: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers */
interface AdmissionRequest {
  readonly uid: string;
  readonly operation: string;
  readonly name: string;
  readonly object: KubeObject;
}

/** An answer: refused with these words, or changed by these operations of RFC 6902. */
export interface Admission {
  readonly refusal?: string;
  readonly patch?: readonly object[];
}

/** An admission webhook over TLS, for ConfigMaps of one namespace. */
export interface AdmissionWebhook {
  /** How it answers; may be replaced. Default: everything is well. */
  answer: (request: AdmissionRequest) => Admission;
  /** How often it was asked. */
  readonly asked: number;
  /** Nobody answers any more, while the API server still asks. */
  takeDown(): Promise<void>;
  /** Somebody answers again, at the same address. */
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** Label of a namespace whose ConfigMaps a webhook is asked about, with the webhook's name. */
export const WATCHED_BY = 'test.generatorset.dev/webhook';

/** Registers a webhook that fails closed, as those that enforce policies do. */
export async function startWebhook(
  server: KubeApiserver,
  { name, kind }: { name: string; kind: 'Validating' | 'Mutating' },
): Promise<AdmissionWebhook> {
  const { ca, server: certificate } = makeCertificates();
  let asked = 0;
  const serve = (port?: number): Promise<TestServer> =>
    startHttpServer(
      async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const review = JSON.parse(Buffer.concat(chunks).toString()) as { request: AdmissionRequest };
        asked++;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(toReview(review.request, webhook.answer(review.request))));
      },
      certificate,
      port,
    );
  let listener: TestServer | undefined = await serve();
  const { port, origin } = listener;
  const configuration = configure(name, kind, { url: `${origin}/`, caBundle: encode(ca.cert) });
  const webhook: AdmissionWebhook = {
    answer: () => ({}),
    get asked() {
      return asked;
    },
    async takeDown() {
      await listener?.close();
      listener = undefined;
    },
    async bringBack() {
      listener = await serve(port);
    },
    close: async () => listener?.close(),
  };
  await applyObject(server, configuration);
  return webhook;
}

function configure(name: string, kind: string, clientConfig: object): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: [
      {
        name: `${name}.generatorset.dev`,
        clientConfig,
        rules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['configmaps'],
          },
        ],
        namespaceSelector: { matchLabels: { [WATCHED_BY]: name } },
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 5,
      },
    ],
  };
}

function toReview({ uid }: AdmissionRequest, { refusal, patch }: Admission): object {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed: refusal === undefined,
      ...(refusal !== undefined && { status: { code: 403, message: refusal } }),
      ...(patch && { patchType: 'JSONPatch', patch: encode(JSON.stringify(patch)) }),
    },
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}
