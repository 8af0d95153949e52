type Handler = (request: Request, context: { params: Promise<never> }) => Promise<Response>;

export interface CallOptions {
  params?: Record<string, string>;
  query?: string;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

const ORIGIN = 'http://inkpick.example';

/** Calls a route's handler as Next does, and reads the response body. */
export async function call(
  route: Record<string, unknown>,
  method: string,
  { params = {}, query = '', body, headers = {} }: CallOptions = {},
): Promise<{ status: number; headers: Headers; text: string; json: <T>() => T }> {
  const request = new Request(`${ORIGIN}/api${query}`, {
    method,
    headers: { host: new URL(ORIGIN).host, ...headers },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = await (route[method] as Handler)(request, { params: Promise.resolve(params as never) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** The cookie that a response sets, in the form of a request header; undefined where it sets none, or removes it. */
export function cookieOf(headers: Headers): string | undefined {
  const [pair] = (headers.getSetCookie()[0] ?? '').split(';');
  return pair && !pair.endsWith('=') ? pair : undefined;
}
