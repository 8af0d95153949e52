import { InkpickError } from '../../lib/contracts/errors';
import type { Friends, SharedLikes, SharingReceipt } from '../../lib/contracts/friends';

/** @throws InkpickError with a message that may be shown to the visitor */
async function request<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  address: string,
  body?: object,
  keepalive = false,
) {
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      keepalive,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const json = await response.json().catch(() => null);
  if (response.ok && json) return json as T;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.`, field } = json?.error ?? {};
  throw new InkpickError(code, message, { field });
}

const FRIENDS = '/api/friends';

/** Every method resolves to the state after the change. */
export const friendsApi = {
  read: () => request<Friends>('GET', FRIENDS),
  /** Creates the visitor's code if there is none. A name of null removes the name. */
  introduce: (name?: string | null) => request<Friends>('POST', FRIENDS, { name }),
  renewCode: () => request<Friends>('POST', `${FRIENDS}/code`),
  follow: (code: string) => request<Friends & { followed: string }>('POST', `${FRIENDS}/follow`, { code }),
  unfollow: (handle: string) => request<Friends>('DELETE', `${FRIENDS}/following/${handle}`),
  removeFollower: (handle: string) => request<Friends>('DELETE', `${FRIENDS}/followers/${handle}`),
  block: (handle: string) => request<Friends>('POST', `${FRIENDS}/blocked`, { handle }),
  unblock: (handle: string) => request<Friends>('DELETE', `${FRIENDS}/blocked/${handle}`),
};

/**
 * Replaces the likes that the visitor shares in a domain.
 *
 * @param keepalive lets the request outlive the page; browsers then limit its body to 64 kB
 */
export const putSharing = (domain: string, likes: SharedLikes, keepalive = false) =>
  request<SharingReceipt>('PUT', `/api/sharing/${domain}`, likes, keepalive);
export const deleteSharing = (domain: string) => request<SharingReceipt>('DELETE', `/api/sharing/${domain}`);
