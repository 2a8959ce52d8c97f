import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** A real server on a free loopback port. */
export interface TestServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or https. */
  readonly origin: string;
  /** Ends the server and every connection to it. */
  close(): Promise<void>;
}

/** Starts an HTTP server; with `tls` an HTTPS one. The port is a free one where none is named. */
export function startHttpServer(
  listener: RequestListener,
  tls?: TlsOptions,
  port?: number,
): Promise<TestServer> {
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  return listen(server, tls ? 'https' : 'http', port);
}

/** Starts a server that speaks bytes: whatever a broken HTTP server might send. */
export function startRawServer(onRequest: (socket: net.Socket) => void): Promise<TestServer> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => onRequest(socket));
  });
  return listen(server, 'http');
}

async function listen(server: Server, scheme: string, wanted = 0): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // Clients that refuse a certificate are part of the tests.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = await listen(net.createServer(), 'http');
  await server.close();
  return server.port;
}
