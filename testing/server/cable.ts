import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, as networks are: nothing is refused, and nothing comes through. */
export interface Cable {
  /** The server's own URL, by way of this. */
  readonly url: string;
  cut(): void;
  /** What was sent meanwhile is lost with its connections; new ones come through. */
  mend(): void;
  remove(): Promise<void>;
}

export async function startCable(target: string): Promise<Cable> {
  const url = new URL(target);
  const port = Number(url.port);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(port, url.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => isCut || far.write(chunk));
    far.on('data', (chunk) => isCut || near.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      for (const socket of open) socket.destroy();
      isCut = false;
    },
    remove: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
