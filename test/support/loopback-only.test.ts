import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a connection to another machine is refused', async () => {
  const socket = net.connect(80, '192.0.2.1');
  const error = await new Promise<Error>(resolve => socket.on('error', resolve));
  expect(error.message).toContain('loopback only');
});

test('a process that a test starts is guarded too', async () => {
  const code = `require('node:net').connect(80, '192.0.2.1').on('error', e => console.log(e.message))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code]);
  expect(stdout).toContain('loopback only');
});

test('loopback is open', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.on('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => net.connect(port, '127.0.0.1').on('connect', resolve));
  server.close();
});
