/**
 * Leads this process's connections to one port of loopback through another. All processes of a bot know the provider by the same
 * address, as its answers name it; so the line on which one of them alone can be cut off has to lie behind that address.
 */
import net from 'node:net';

/** `order`: `FROM>TO`, two ports. */
export function takeDetour(order: string): void {
  const [from, to] = order.split('>');
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = new Proxy(connect, {
    apply(target, socket: net.Socket, args: unknown[]) {
      const first = Array.isArray(args[0]) ? args[0][0] : args[0];
      const isMeant = typeof first === 'object' && first !== null && 'port' in first && `${first.port}` === from;
      if (isMeant) Object.assign(first, { port: Number(to) });
      return Reflect.apply(target, socket, args);
    },
  });
}
