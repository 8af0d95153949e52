import autocannon from 'autocannon';

/** Long, because a slow response is a measurement, not a failure. */
const TIMEOUT_SECONDS = 60;

/** Requests to send. */
export interface Load {
  name: string;
  url: string;
  /** One a request, in rotation; without bodies, requests are GET. */
  bodies?: readonly string[];
  /** One a request, in rotation. */
  cookies?: readonly string[];
}

/**
 * Sends requests from several connections at once.
 *
 * @param extent a duration in seconds or a number of requests
 * @returns responses a second, and the milliseconds of each
 * @throws Error on any failed request or response other than 2xx
 */
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
    timeout: TIMEOUT_SECONDS,
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
    throw new Error(`${name}: ${errors} errors, ${timeouts} timeouts and ${non2xx} responses other than 2xx`);
  return { rate: (1000 * connections * times.length) / times.reduce((sum, time) => sum + time, 0), times };
}
