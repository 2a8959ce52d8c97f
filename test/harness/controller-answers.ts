import { type ClusterSet, clusterSet } from './cluster-sets.ts';
import { startHttpServer } from './http-server.ts';

/** A server that gives the elements that it is told to, and counts. */
export interface AnswerServer {
  readonly url: string;
  /** When it was asked, in milliseconds of the epoch, and with which Authorization. */
  readonly asked: { readonly at: number; readonly authorization: string }[];
  /** The names that it gives; undefined: it answers 503. */
  names: readonly string[] | undefined;
  close(): Promise<void>;
}

/** Starts one on loopback. */
export async function startAnswers(names: readonly string[]): Promise<AnswerServer> {
  const server = await startHttpServer(({ headers }, response) => {
    answers.asked.push({ at: Date.now(), authorization: headers.authorization ?? '' });
    response.writeHead(answers.names ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify((answers.names ?? []).map((name) => ({ name }))));
  });
  const answers: AnswerServer = { url: server.origin, asked: [], names, close: () => server.close() };
  return answers;
}

/** A set that makes a ConfigMap for each name that the server gives, once a day unless the generator says otherwise. */
export function answeredSet(
  namespace: string,
  { url }: AnswerServer,
  { name = 'answered', spec = {}, generator = {} }: { name?: string; spec?: object; generator?: object } = {},
): ClusterSet {
  const apiClient = { interval: '24h', endpoint: url, ...generator };
  return clusterSet(namespace, [], { name, spec: { generators: [{ apiClient }], ...spec } });
}
