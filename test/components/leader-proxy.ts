import { once } from 'node:events';
import net from 'node:net';

/** Milliseconds after the repair of a line in which its ends are found out. */
const SETTLING = 100;

/** One connection through the line. */
interface Link {
  readonly client: net.Socket;
  readonly server: net.Socket;
  /** What the client sent while the line was broken, as the client's kernel would send it again. */
  held: Buffer[];
  /** The client gave the connection up, so that nothing of it is sent again. */
  reset: boolean;
}

/** A line to a server that can be cut, and that can lose every packet for a while, as networks do. */
export class LeaderProxy {
  readonly #server: net.Server;
  readonly #target: number;
  readonly #links = new Set<Link>();
  #state: 'whole' | 'cut' | 'lossy' = 'whole';

  constructor(target: number) {
    this.#target = target;
    this.#server = net.createServer({ noDelay: true }, (client) => this.#connect(client));
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Resets all connections, and every new one. */
  cut(): void {
    this.#state = 'cut';
    this.#resetAll();
  }

  /** Nothing arrives any more, on either side, and nobody is told. */
  lose(): void {
    this.#state = 'lossy';
  }

  /**
   * The line works again. What was sent meanwhile arrives now, where its sender has not given up: TCP sends again,
   * also after the sender has closed the connection, but not after it has reset it.
   */
  async repair(): Promise<void> {
    const wasLossy = this.#state === 'lossy';
    this.#state = 'whole';
    if (!wasLossy) return;
    await new Promise((resolve) => setTimeout(resolve, SETTLING));
    for (const link of this.#links) sendAgain(link);
  }

  async close(): Promise<void> {
    this.#resetAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(client: net.Socket): void {
    if (this.#state === 'cut') {
      reset(client);
      return;
    }
    const server = net.connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const link: Link = { client, server, held: [], reset: false };
    this.#links.add(link);
    client.on('data', (chunk) => {
      if (this.#state === 'lossy' || link.held.length > 0) link.held.push(chunk);
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (this.#state === 'whole') client.write(chunk);
    });
    client.on('error', () => {
      link.reset = true;
      if (this.#state === 'whole') reset(server);
    });
    client.on('end', () => {
      if (this.#state === 'whole' && link.held.length === 0) server.end();
    });
    server.on('error', () => reset(client));
    server.on('close', () => {
      this.#links.delete(link);
      client.destroy();
    });
  }

  #resetAll(): void {
    for (const { client, server } of this.#links) {
      reset(client);
      reset(server);
    }
  }
}

function sendAgain(link: Link): void {
  const { client, server, held } = link;
  link.held = [];
  if (link.reset) {
    reset(server);
    return;
  }
  for (const chunk of held) server.write(chunk);
  if (client.readableEnded) server.end();
}

/** A socket that is not connected, or half closed, cannot be reset. */
function reset(socket: net.Socket): void {
  if (socket.connecting || socket.writableEnded || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}
