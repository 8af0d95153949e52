import { type HistoryEntry, type RecommendRequest, SIGNALS } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import type { Session } from '../../lib/engine/session';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import type { UserLikes } from '../dataset/likes';
import { headIds } from '../metrics/head-items';
import type { ColdCopies } from './cold-copies';
import type { GateExample } from './train-gate';

/** A request whose answer is known: what the gate learns from, and is chosen by. */
export interface GateCase extends GateExample {
  /** `user`: hidden likes; `judged`: what people related to the item; `interest`: hidden likes of a stated interest. */
  kind: 'user' | 'judged' | 'interest';
  /** Likes in the request. */
  likes: number;
  /** Set where its item is a copy without interactions: trained on, and not part of the curve. */
  isCold?: true;
  /** Parallel to `relevant`: how many training users like each. */
  popularity: Float64Array;
  /** Indices of the candidates that are among the most popular items. */
  head: readonly number[];
}

/** Lengths to which histories are cut. One example per user has the whole history. */
const LENGTHS = [1, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50];
const EXAMPLES_PER_USER = 6;
const MAX_EXAMPLES = 6000;
/** Share of a user's items that are hidden and to be found. */
const HIDDEN_SHARE = 0.2;
/** Share of the examples whose history has no timestamps, because many requests have none. */
const WITHOUT_TIMES_SHARE = 0.5;
/** Users from whom an example of an interest is made. */
const MAX_INTEREST_EXAMPLES = 600;
/** Likes beside a stated interest: most visitors who state one have none yet. */
const LIKES_BESIDE_INTEREST = [0, 0, 0, 1, 2];

/** Turns requests with known answers into examples. */
class CaseMaker {
  private readonly engine: Engine;
  private readonly popularity = new Map<string, number>();
  private readonly head: ReadonlySet<string>;

  constructor(engine: Engine) {
    this.engine = engine;
    const items = engine.popular(Number.POSITIVE_INFINITY);
    for (const { id, popularity } of items) this.popularity.set(id, popularity);
    this.head = headIds(items);
  }

  /**
   * The example of one request. It contains all candidates: a subset chosen by one ranking would exclude the mistakes
   * of all other rankings.
   *
   * @param isLeftOut whether a candidate is left out; none is where this is absent
   * @returns null if no wanted item is among the candidates, because then there is nothing to learn
   */
  make(
    kind: GateCase['kind'],
    request: Pick<RecommendRequest, 'history' | 'interests'>,
    wanted: ReadonlySet<string>,
    isLeftOut?: (id: string) => boolean,
  ): GateCase | null {
    const inspected = this.engine.session({ mode: 'hybrid', ...request, topK: 100 }).inspect();
    const { gateInput, ids, scores } = isLeftOut ? without(inspected, isLeftOut) : inspected;
    const relevant = ids.flatMap((id, i) => (wanted.has(id) ? [i] : []));
    if (relevant.length === 0) return null;
    return {
      kind,
      likes: request.history.length,
      input: gateInput,
      scores,
      relevant,
      popularity: Float64Array.from(relevant, (i) => this.popularity.get(ids[i]) ?? 0),
      head: ids.flatMap((id, i) => (this.head.has(id) ? [i] : [])),
    };
  }
}

/** What the gate sees of a request, without some candidates. */
function without(
  { gateInput, ids, scores }: ReturnType<Session['inspect']>,
  isLeftOut: (id: string) => boolean,
): ReturnType<Session['inspect']> {
  const width = SIGNALS.length;
  return {
    gateInput,
    ids: ids.filter((id) => !isLeftOut(id)),
    scores: scores.filter((_, i) => !isLeftOut(ids[Math.floor(i / width)])),
  };
}

/** Makes the example of one item that has no interactions: of its copy. */
class ColdCaseMaker {
  private readonly copies: ColdCopies;
  private readonly maker: CaseMaker;

  constructor(copies: ColdCopies) {
    this.copies = copies;
    this.maker = new CaseMaker(copies.engine);
  }

  /** @returns null as {@link CaseMaker.make}, and where the item has no copy */
  make(kind: GateCase['kind'], item: string, wanted: ReadonlySet<string>): GateCase | null {
    const id = this.copies.idOf(item);
    const example = id && this.maker.make(kind, { history: [{ id }] }, wanted, this.copies.isCopyOr(item));
    return example ? { ...example, isCold: true } : null;
  }
}

/** Which of a user's likes is named in the example of an item without interactions. */
export const coldLikeOf = ({ likes }: UserLikes): string => likes[Math.floor(likes.length / 2)].id;

/**
 * Samples training examples of the gate: several per user, with histories of random lengths, one with an item that has
 * no interactions, and some with a stated interest. Seeded.
 *
 * @param engine with models that were not trained on these users
 * @param copies of {@link coldLikeOf} some users
 */
export function sampleGateExamples(
  engine: Engine,
  users: readonly UserLikes[],
  seed: number,
  copies: ColdCopies,
): GateCase[] {
  const random = mulberry32(seed);
  const maker = new CaseMaker(engine);
  const coldMaker = new ColdCaseMaker(copies);
  const interests = engine.info.interests.map(({ id }) => {
    return { id, items: new Set(engine.interestItems(id, Number.POSITIVE_INFINITY).map((item) => item.id)) };
  });
  const order = [...users];
  shuffle(order, random);
  const examples: GateCase[] = [];
  let stated = 0;
  const add = (example: GateCase | null) => {
    if (example) examples.push(example);
    return example !== null;
  };
  for (const user of order) {
    const { likes } = user;
    if (examples.length >= MAX_EXAMPLES) break;
    const cold = coldLikeOf(user);
    const others = likes.filter(({ id }) => id !== cold);
    add(coldMaker.make('user', cold, idsOf(others.slice(0, Math.ceil(likes.length * HIDDEN_SHARE)))));
    for (let n = 0; n < EXAMPLES_PER_USER; n++) {
      const entries = [...likes];
      shuffle(entries, random);
      const hidden = Math.max(1, Math.floor(entries.length * HIDDEN_SHARE));
      const given = entries.slice(hidden);
      const length = n === 0 ? given.length : LENGTHS[Math.floor(random() * LENGTHS.length)];
      if (given.length === 0 || (n > 0 && length >= given.length)) continue;
      const history = given.slice(0, length);
      const hasTimes = random() >= WITHOUT_TIMES_SHARE;
      add(maker.make('user', { history: hasTimes ? history : withoutTimes(history) }, idsOf(entries.slice(0, hidden))));
      if (n > 0 || stated >= MAX_INTEREST_EXAMPLES) continue;
      const interest = interests[Math.floor(random() * interests.length)];
      const wanted = idsOf(entries.filter(({ id }) => interest?.items.has(id)));
      const beside = LIKES_BESIDE_INTEREST[Math.floor(random() * LIKES_BESIDE_INTEREST.length)];
      const likesBeside = withoutTimes(given.filter(({ id }) => !wanted.has(id)).slice(0, beside));
      if (wanted.size > 0 && add(maker.make('interest', { history: likesBeside, interests: [interest.id] }, wanted)))
        stated++;
    }
  }
  return examples;
}

/** Examples of one item and what people related to it, each once with its interactions and once without. */
export function judgedGateExamples(
  engine: Engine,
  judged: readonly { seed: string; related: readonly string[] }[],
  copies: ColdCopies,
): GateCase[] {
  const maker = new CaseMaker(engine);
  const coldMaker = new ColdCaseMaker(copies);
  return judged.flatMap(({ seed, related }) => {
    const wanted = new Set(related);
    const cases = [maker.make('judged', { history: [{ id: seed }] }, wanted), coldMaker.make('judged', seed, wanted)];
    return cases.filter((example) => example !== null);
  });
}

const idsOf = (entries: readonly HistoryEntry[]) => new Set(entries.map(({ id }) => id));
const withoutTimes = (history: readonly HistoryEntry[]) => history.map(({ id }) => ({ id }));
