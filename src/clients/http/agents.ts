import { createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Agent } from 'undici';
import { checkCertificates } from '../../lib/pem.ts';
import { type ConnectorOptions, guardedConnector, type TlsIdentity } from './guarded-connector.ts';

/** Connections to one origin at a time, so that many sets do not flood one server. */
const MAX_CONNECTIONS = 8;
/** Identities that are kept; certificates rotate, so the oldest unused ones go. */
const MAX_IDENTITIES = 32;
/** Bytes of all headers of an answer. */
const MAX_HEADER_SIZE = 64 * 1024;

/** One undici Agent for each TLS identity, with its connections. */
export class Agents {
  readonly #agents = new Map<string, Agent>();
  readonly #options: Omit<ConnectorOptions, 'tls'>;

  constructor(options: Omit<ConnectorOptions, 'tls'>) {
    this.#options = options;
  }

  /** The agent of an identity. Throws when one of its PEM texts is broken: there is no fallback. */
  get({ ca, cert, key }: TlsIdentity): Agent {
    const tls = {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
    const id = createHash('sha256')
      .update(JSON.stringify([ca, cert, key]))
      .digest('hex');
    const agent = this.#agents.get(id) ?? this.#create(tls);
    // Insertion order is the order of use.
    this.#agents.delete(id);
    this.#agents.set(id, agent);
    this.#evict();
    return agent;
  }

  /** Ends all connections, those in use included. */
  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  /** Nothing is cached for an identity that is refused. */
  #create(tls: TlsIdentity): Agent {
    checkIdentity(tls);
    return new Agent({
      connect: guardedConnector({ ...this.#options, tls }),
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_SIZE,
    });
  }

  /** Lets the identities go that were not used for longest. */
  #evict(): void {
    for (const [id, agent] of this.#agents) {
      if (this.#agents.size <= MAX_IDENTITIES) return;
      this.#agents.delete(id);
      // Requests in flight end first; nothing new can come.
      void agent.close();
    }
  }
}

/** OpenSSL would ignore a CA that it cannot read, and fail without words on a pair that does not match. */
function checkIdentity(tls: TlsIdentity): void {
  if (tls.ca !== undefined) check('CA', () => checkCertificates(tls.ca ?? ''));
  if (tls.cert === undefined && tls.key === undefined) return;
  if (tls.cert === undefined || tls.key === undefined) {
    throw new Error('a client certificate and its key belong together; one of them is missing');
  }
  check('client certificate', () => checkCertificates(tls.cert ?? ''));
  check('client certificate and its key', () => createSecureContext({ cert: tls.cert, key: tls.key }));
}

/** Runs a check and puts what was checked before its error. */
function check(what: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    throw new Error(`the ${what}: ${isOurs(error) ? error.message : 'cannot be used together'}`, {
      cause: error,
    });
  }
}

/** OpenSSL's errors have a code and no sentence for people. */
function isOurs(error: unknown): error is Error {
  return error instanceof Error && !('code' in error);
}
