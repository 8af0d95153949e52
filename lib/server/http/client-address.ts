import 'server-only';
import { isIP, isIPv4 } from 'node:net';
import { currentSettings } from '../settings';

/** Requests without a readable address share one allowance. */
const UNKNOWN_ADDRESS = 'unknown';

const IPV6_GROUPS = 8;

/**
 * The unit by which addresses are counted. For IPv6 it is the /64 network: one customer has all of its addresses, so a
 * count per address would never reach a limit. An IPv4 address stands for itself; the form that IPv6 sockets give it
 * (`::ffff:…`) is converted back.
 */
function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  // A URL normalises an address: lower-case hexadecimal, the longest run of zeros left out. It takes no zone.
  const [head, tail] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail ?? ''].map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(IPV6_GROUPS - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after];
  if (groups.slice(0, 6).join() === '0,0,0,0,0,ffff') {
    const bytes = groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
    return bytes.join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * The caller's address from `X-Forwarded-For`; for IPv6 its /64 network; `unknown` where there is none.
 *
 * Each proxy appends the address that it saw, so behind `proxies` trusted proxies the entry that many places from the
 * right is the one that a client cannot forge. Without a proxy, `scripts/serve.mjs` puts the socket's address there.
 *
 * @param proxies number of trusted proxies in front of this server
 */
export function clientAddress(headers: Headers, proxies: number): string {
  const chain = (headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
  const address = chain.at(-Math.max(1, proxies)) ?? '';
  return isIP(address) ? networkOf(address) : UNKNOWN_ADDRESS;
}

/** The address by which rate limits count the caller of a request. */
export const addressOf = ({ headers }: Request): string => clientAddress(headers, currentSettings().proxies);
