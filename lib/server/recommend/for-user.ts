import 'server-only';
import { createHash } from 'node:crypto';
import type { RecommendRequest } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import type { Session } from '../../engine/session';
import { cache } from '../cache/cache';
import { catalogVersionOf, type EncodedBody, encodeText } from '../cache/response-cache';
import { isMostActive } from './activity';
import { recommendBody } from './body';
import { readTaste, type Taste } from './history';
import { userRevision } from './user-revision';

/** A request for a user whose history is in the store. `hidden` adds to what the user has hidden. */
export type UserRequest = Omit<RecommendRequest, 'history'>;

export interface User {
  /** Id of the visitor. */
  id: string;
  /** Whether it is a user of the API, on whose behalf a developer's server sends requests. */
  ofApi: boolean;
}

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/**
 * Recommends from the stored history of a user. Cached are the history, the user's factors, the candidates and, for the
 * most active API users, the whole response, each until its TTL ends (cache.ts) or until the user's next event, a new
 * item or a new model. Users with a cached history are therefore still served while the store is unavailable.
 *
 * @param elapsed milliseconds since the request arrived
 * @throws STORE_UNAVAILABLE if the user's history is not cached and cannot be read
 */
export async function recommendForUser(
  engine: Engine,
  user: User,
  request: UserRequest,
  elapsed: () => number,
): Promise<EncodedBody> {
  const { id: domain, version } = catalogVersionOf(engine);
  const [revision, active] = await Promise.all([
    userRevision(user.id, domain),
    user.ofApi ? isMostActive(user.id) : false,
  ]);
  const scope = `${user.id}/${domain}/${revision}`;
  const compute = async () => {
    const taste = await cache().get('histories', scope, () => readTaste(user.id, domain));
    return JSON.stringify(await recommend(engine, `${scope}/${version}`, taste, request, elapsed));
  };
  if (!active) return encodeText(await compute());
  return encodeText(await cache().get('lists', `${scope}/${version}/${digest(request)}`, compute));
}

async function recommend(
  engine: Engine,
  scope: string,
  { history, hidden }: Taste,
  asked: UserRequest,
  elapsed: () => number,
): Promise<object> {
  const request: RecommendRequest = { ...asked, history, hidden: [...hidden, ...(asked.hidden ?? [])] };
  const session = engine.session(request);
  await cacheFactors(session, scope, request);
  const candidates =
    asked.candidates ??
    // Diversity only re-ranks: the candidates are the same.
    (await cache().get('candidates', `${scope}/${digest({ ...asked, diversity: undefined })}`, () =>
      session.candidates(),
    ));
  return recommendBody(request, session.recommend(candidates), elapsed);
}

/** Computes the user's factors once until the user's next event, where the mode uses them and there are any. */
async function cacheFactors(
  session: Session,
  scope: string,
  { mode, interests = [] }: RecommendRequest,
): Promise<void> {
  if (mode === 'content' || mode === 'popular') return;
  const factors = await cache().get('factors', `${scope}/${digest([...interests].sort())}`, () => {
    const computed = session.userFactors();
    return computed && Array.from(computed);
  });
  if (factors) session.setUserFactors(Float32Array.from(factors));
}
