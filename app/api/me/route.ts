import { addressOf } from '@/lib/server/http/client-address';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import {
  cookieFor,
  cookieRemoval,
  ensureVisitor,
  newVisitorId,
  readVisitor,
  visitorExists,
} from '@/lib/server/visitors/identity';
import { eraseVisitor, markSeen, readStoredData, saveProfile } from '@/lib/server/visitors/stored-data';
import { countNewVisitor, countStoredDataRequest } from '@/lib/server/visitors/visitor-limits';
import { meBodySchema } from './schema';

async function* bodyPieces(data: AsyncIterable<string>): AsyncGenerator<string> {
  yield '{"agreed":true,"held":';
  yield* data;
  yield '}';
}

/** The data that the server stores of the visitor: none before they agree, and none after they have it erased. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/me',
  {
    /** All stored data of the visitor, streamed as it is read. */
    async GET({ request }) {
      const id = await readVisitor(request.headers);
      if (id) await countStoredDataRequest(id, addressOf(request));
      const held = id && (await readStoredData(id));
      if (!held) return { body: { agreed: false }, caching: 'personal' };
      return { pieces: bodyPieces(held), caching: 'personal' };
    },

    /** Gives consent, which creates the visitor under a random id; or changes the profile. */
    async POST({ request }) {
      const { profile } = await readBody(request, meBodySchema);
      const known = await readVisitor(request.headers);
      // The cookie may be of a visitor who has been erased. They are a new visitor and are limited as such: otherwise
      // erasing would give another daily vote.
      const isKnown = known !== undefined && (await visitorExists(known));
      // A new id, so that copies of the old cookie stay invalid.
      const id = isKnown ? known : newVisitorId();
      if (!isKnown) {
        await countNewVisitor(addressOf(request));
        await ensureVisitor(id);
      }
      // `saveProfile` marks the visitor as seen in the same write.
      if (profile) await saveProfile(id, profile);
      else if (isKnown) await markSeen(id);
      return { body: { agreed: true }, caching: 'personal', cookie: await cookieFor(id, request.headers) };
    },

    /** Withdraws consent and erases all data of the visitor. */
    async DELETE({ request }) {
      const id = await readVisitor(request.headers);
      if (id) await eraseVisitor(id);
      return { body: { agreed: false }, caching: 'personal', cookie: cookieRemoval(request.headers) };
    },
  },
  { personal: true },
);
