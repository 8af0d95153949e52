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

async function* answerOf(held: AsyncIterable<string>): AsyncGenerator<string> {
  yield '{"agreed":true,"held":';
  yield* held;
  yield '}';
}

/** What the server holds of whoever asks: nothing before they agree, and again once they have it erased. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/me',
  {
    /** Everything that is held, as it stands there, sent as it is read. */
    async GET({ request }) {
      const id = await readVisitor(request.headers);
      if (id) await countStoredDataRequest(id, addressOf(request));
      const held = id && (await readStoredData(id));
      if (!held) return { body: { agreed: false }, caching: 'personal' };
      return { pieces: answerOf(held), caching: 'personal' };
    },

    /** Agrees to be known under a random number, or changes what one has told of oneself. */
    async POST({ request }) {
      const { profile } = await readBody(request, meBodySchema);
      const known = await readVisitor(request.headers);
      // A cookie outlives what it stood for: whoever had that erased is a newcomer, and has no more voices than any other.
      const isKnown = known !== undefined && (await visitorExists(known));
      // Under a new number, so that no copy of the old cookie ever stands for anybody again.
      const id = isKnown ? known : newVisitorId();
      if (!isKnown) {
        await countNewVisitor(addressOf(request));
        await ensureVisitor(id);
      }
      // One write for both: whoever says something of themselves is seen too.
      if (profile) await saveProfile(id, profile);
      else if (isKnown) await markSeen(id);
      return { body: { agreed: true }, caching: 'personal', cookie: await cookieFor(id, request.headers) };
    },

    /** Takes it all back. */
    async DELETE({ request }) {
      const id = await readVisitor(request.headers);
      if (id) await eraseVisitor(id);
      return { body: { agreed: false }, caching: 'personal', cookie: cookieRemoval(request.headers) };
    },
  },
  { personal: true },
);
