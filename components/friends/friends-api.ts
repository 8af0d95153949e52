import { InkpickError } from '../../lib/contracts/errors';
import type { Friends, SharedLikes, SharingReceipt } from '../../lib/contracts/friends';

async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', address: string, body?: object, keepalive = false) {
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
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer as T;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.`, field } = answer?.error ?? {};
  throw new InkpickError(code, message, { field });
}

const FRIENDS = '/api/friends';

/** Each answers with how things stand afterwards, and throws `InkpickError` with a text that may be shown. */
export const friendsApi = {
  read: () => ask<Friends>('GET', FRIENDS),
  /** Makes one's code where there is none; a name of null is taken away. */
  introduce: (name?: string | null) => ask<Friends>('POST', FRIENDS, { name }),
  renewCode: () => ask<Friends>('POST', `${FRIENDS}/code`),
  follow: (code: string) => ask<Friends & { followed: string }>('POST', `${FRIENDS}/follow`, { code }),
  unfollow: (handle: string) => ask<Friends>('DELETE', `${FRIENDS}/following/${handle}`),
  removeFollower: (handle: string) => ask<Friends>('DELETE', `${FRIENDS}/followers/${handle}`),
  block: (handle: string) => ask<Friends>('POST', `${FRIENDS}/blocked`, { handle }),
  unblock: (handle: string) => ask<Friends>('DELETE', `${FRIENDS}/blocked/${handle}`),
};

/** `keepalive` lets it arrive though the page is being left; browsers then take 64 kB at the most. */
export const putSharing = (domain: string, likes: SharedLikes, keepalive = false) =>
  ask<SharingReceipt>('PUT', `/api/sharing/${domain}`, likes, keepalive);
export const deleteSharing = (domain: string) => ask<SharingReceipt>('DELETE', `/api/sharing/${domain}`);
