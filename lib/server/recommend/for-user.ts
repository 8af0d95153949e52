import 'server-only';
import { createHash } from 'node:crypto';
import type { RecommendRequest } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { cache } from '../cache/cache';
import { catalogVersionOf, type EncodedBody, encodeText } from '../cache/response-cache';
import { isMostActive } from './activity';
import { recommendBody } from './body';
import { readTaste, type Taste } from './history';
import { revisionOf } from './revisions';

/** What may be asked for a user, whose history is in the store. `hidden` is hidden besides what that says. */
export type UserQuestion = Omit<RecommendRequest, 'history'>;

export interface User {
  /** A visitor's number. */
  id: string;
  /** Of the API: a developer's server speaks for them. */
  ofApi: boolean;
}

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/**
 * Recommends from what the store holds of a user. Kept meanwhile are what was read, the user's factors, the candidates, and of the most
 * active users of the API the answer itself; each until the user's next event, a new item or a new model, or its time is over
 * (cache.ts). So answers go on for a while without the store for whoever was answered lately.
 *
 * @throws `STORE_UNAVAILABLE` where the user's history is not kept and cannot be read
 */
export async function recommendForUser(
  engine: Engine,
  user: User,
  question: UserQuestion,
  elapsed: () => number,
): Promise<EncodedBody> {
  const { id: domain, version } = catalogVersionOf(engine);
  const [revision, active] = await Promise.all([
    revisionOf(user.id, domain),
    user.ofApi ? isMostActive(user.id) : false,
  ]);
  const scope = `${user.id}/${domain}/${revision}`;
  const compute = async () => {
    const taste = await cache().get('histories', scope, () => readTaste(user.id, domain));
    return JSON.stringify(await answer(engine, `${scope}/${version}`, taste, question, elapsed));
  };
  if (!active) return encodeText(await compute());
  return encodeText(await cache().get('lists', `${scope}/${version}/${digest(question)}`, compute));
}

async function answer(
  engine: Engine,
  scope: string,
  taste: Taste,
  question: UserQuestion,
  elapsed: () => number,
): Promise<object> {
  const { history } = taste;
  const request: RecommendRequest = { ...question, history, hidden: [...taste.hidden, ...(question.hidden ?? [])] };
  const userFactors = await factorsFor(engine, scope, request);
  const options = userFactors ? { userFactors } : {};
  const candidates =
    question.candidates ??
    // What only orders the list is left out of the key.
    (await cache().get('candidates', `${scope}/${digest({ ...question, diversity: undefined })}`, () =>
      engine.candidates(request, options),
    ));
  return recommendBody(engine, { ...request, candidates }, elapsed, options);
}

/** The user's factors, where the signals that take part need them and anything that is known of the user has any. */
async function factorsFor(engine: Engine, scope: string, request: RecommendRequest): Promise<Float32Array | undefined> {
  const { mode, interests = [] } = request;
  if (mode === 'content' || mode === 'popular') return undefined;
  const kept = await cache().get('factors', `${scope}/${digest([...interests].sort())}`, () => {
    const factors = engine.userFactors(request);
    return factors && Array.from(factors);
  });
  return kept ? Float32Array.from(kept) : undefined;
}
