import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy to a server that can simulate a cut network: connections stay open, and no data passes. */
export interface Cable {
  /** The server's URL through this proxy. */
  readonly url: string;
  cut(): void;
  /** Closes the connections from before, with the data sent meanwhile; new ones pass. */
  mend(): void;
  remove(): Promise<void>;
}

export async function startCable(target: string): Promise<Cable> {
  const url = new URL(target);
  const port = Number(url.port);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(port, url.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
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
      for (const socket of sockets) socket.destroy();
      isCut = false;
    },
    remove: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
