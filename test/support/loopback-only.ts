/**
 * Refuses every outgoing connection that is not loopback, at the socket, so no test can reach a real service whichever
 * HTTP library it uses. Node processes that tests start inherit the guard through NODE_OPTIONS.
 */
import net from 'node:net';
import { fileURLToPath } from 'node:url';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;

/** The host that a call of Socket.connect asks for; undefined for a unix socket or the default, which is loopback. */
function hostOf(args: readonly unknown[]): string | undefined {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    return 'host' in first && typeof first.host === 'string' ? first.host : undefined;
  }
  return typeof args[1] === 'string' ? args[1] : undefined;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = new Proxy(connect, {
  apply(target, socket: net.Socket, args: unknown[]) {
    const host = hostOf(args);
    if (host !== undefined && !loopback.test(host)) {
      queueMicrotask(() => socket.destroy(new Error(`tests reach loopback only, not ${host}`)));
      return socket;
    }
    return Reflect.apply(target, socket, args);
  },
});

const guard = `--import=${fileURLToPath(import.meta.url)}`;
if (!process.env.NODE_OPTIONS?.includes(guard)) {
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, guard].filter(Boolean).join(' ');
}
