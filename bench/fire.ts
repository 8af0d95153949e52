import autocannon from 'autocannon';

/** A slow answer is a figure, not a failure. */
const PATIENCE_SECONDS = 60;

/** What is asked for; with several bodies, each request has the next one. */
export interface Load {
  name: string;
  url: string;
  bodies?: readonly string[];
  /** Each request has the next one. */
  cookies?: readonly string[];
}

/** Asks for as long as is said; the rate is that of answers a second, the times are milliseconds. */
export async function fire(
  { name, url, bodies, cookies }: Load,
  connections: number,
  extent: { duration: number } | { amount: number },
): Promise<{ rate: number; times: number[] }> {
  const times: number[] = [];
  let next = 0;
  const { errors, timeouts, non2xx } = await autocannon({
    url,
    connections,
    timeout: PATIENCE_SECONDS,
    ...extent,
    requests: bodies
      ? [
          {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            setupRequest: (request) => {
              const cookie = cookies && { cookie: cookies[next % cookies.length] };
              return { ...request, headers: { ...request.headers, ...cookie }, body: bodies[next++ % bodies.length] };
            },
          },
        ]
      : [{ method: 'GET' }],
    setupClient: (client) => client.on('response', (_status, _bytes, milliseconds) => times.push(milliseconds)),
  });
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${name}: ${errors} errors, ${timeouts} timeouts and ${non2xx} answers other than 2xx`);
  return { rate: (1000 * connections * times.length) / times.reduce((sum, time) => sum + time, 0), times };
}
