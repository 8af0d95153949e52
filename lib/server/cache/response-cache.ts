import 'server-only';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DomainInfo } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { additionsRevision } from '../items/additions';
import { singleton } from '../singleton';

/** The most answers remembered, of all domains together, and the most bytes of them. */
export const MOST_ANSWERS = 5_000;
export const MOST_BYTES = 32_000_000;
/** The most wordings of the questions behind them. */
const MOST_WORDINGS = 20_000;

/** A body as it is sent. */
export interface Json {
  /** UTF-8. */
  bytes: Buffer<ArrayBuffer>;
  /** A strong entity tag: equal exactly where the bytes are. */
  etag: string;
}

export const toJson = (body: unknown): Json => toText(JSON.stringify(body));

export function toText(text: string): Json {
  const bytes = Buffer.from(text);
  return { bytes, etag: `"${digest(bytes)}"` };
}

const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('base64url');

const memory = () =>
  singleton('answers', () => ({
    /** By the hash of a question. */
    answers: new LRUCache<string, Json>({
      max: MOST_ANSWERS,
      maxSize: MOST_BYTES,
      sizeCalculation: ({ bytes }) => bytes.length,
    }),
    /** From the hash of what a caller wrote to that of what it asks. */
    questions: new LRUCache<string, string>({ max: MOST_WORDINGS }),
  }));

/** What an answer depends on besides the question. */
export type Knowledge = Pick<DomainInfo, 'id' | 'version'>;

/** What an engine knows: its artifacts, and what was published since. */
export const knowledgeOf = (engine: Engine): Knowledge => ({
  id: engine.info.id,
  version: `${engine.info.version}+${additionsRevision(engine)}`,
});

/**
 * The body that answers a question, computed once for all who ask it while it is remembered. The same wording brings
 * it back before anything is parsed or validated; another wording of the same question, after that.
 *
 * What is remembered lives in this process's memory only, the least recently used going first: at most 5,000 answers and
 * 32 MB. Questions, which may be a person's history, are held as SHA-256 alone, and neither they nor answers are written
 * to a log. Computing is synchronous, so that of several equal questions at once the first computes and the others find
 * its answer here; the one thing waited for, a catalog being loaded, is loaded once for all (`getEngine`).
 *
 * @param domain whose catalog answers: another build of its artifacts has another version
 * @param kind what is asked for, such as `search`
 * @param wording what the caller sent, whole; hashed together with the kind, the domain and the version of its artifacts
 * @param read the question in a normal form, as plain data; throws where the wording is none, and nothing is kept
 * @param answer the body; throws likewise
 */
export function remembered<Question extends object>(
  { id, version }: Knowledge,
  kind: string,
  wording: string,
  read: () => Question,
  answer: (question: Question) => object,
): Json {
  const { answers, questions } = memory();
  const hash = (text: string) => digest(`${kind}\n${id}\n${version}\n${text}`);
  const worded = hash(wording);
  const before = questions.get(worded);
  const known = before === undefined ? undefined : answers.get(before);
  if (known) return known;
  const question = read();
  const asked = hash(JSON.stringify(question));
  const found = answers.get(asked) ?? toJson(answer(question));
  answers.set(asked, found);
  questions.set(worded, asked);
  return found;
}
