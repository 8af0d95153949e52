/** The part of autocannon that the bench uses. The package has no types. */
declare module 'autocannon' {
  interface Request {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    /** Creates each request from the configured one. */
    setupRequest?: (request: Request) => Request;
  }
  interface Client {
    on(event: 'response', listener: (status: number, bytes: number, milliseconds: number) => void): void;
  }
  interface Options {
    url: string;
    connections: number;
    /** Seconds without a response until a request counts as failed. */
    timeout?: number;
    /** Seconds. */
    duration?: number;
    /** Requests in all, instead of a duration. */
    amount?: number;
    requests: Request[];
    setupClient(client: Client): void;
  }
  interface Result {
    requests: { average: number; total: number };
    /** Seconds. */
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
