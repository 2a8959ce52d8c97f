import net from 'node:net';
import { buildConnector } from 'undici';

/**
 * Connects as undici does, but a connection that is broken off is reset, not closed: the kernel goes on sending what
 * was written to a closed one for minutes, so that a write given up in an outage could arrive after it, from a leader
 * that is none any more. Of a reset connection nothing is sent again.
 */
export function createResettingConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) => {
    if (target.protocol !== 'https:' || target.httpSocket) return connect(target, callback);
    const raw = net.connect({ host: target.hostname, port: Number(target.port || 443) });
    // Its errors are the TLS connection's, too.
    raw.on('error', () => {});
    connect({ ...target, httpSocket: raw }, (error, socket) => {
      if (error) {
        raw.destroy();
        callback(error, null);
        return;
      }
      resetWhenBroken(socket, raw);
      callback(null, socket);
    });
  };
}

/** The TLS connection ends the one below it when its own turn comes: only there may the way of ending be changed. */
function resetWhenBroken(socket: net.Socket, raw: net.Socket): void {
  const destroySocket = socket.destroy.bind(socket);
  const destroyRaw = raw.destroy.bind(raw);
  let isBroken = false;
  socket.destroy = (reason?: Error) => {
    isBroken ||= reason !== undefined && reason !== null;
    return destroySocket(reason);
  };
  raw.destroy = (reason?: Error) => {
    if (!isBroken || reason) return destroyRaw(reason);
    isBroken = false;
    return raw.resetAndDestroy();
  };
}
