import { InkpickError } from '../../lib/contracts/errors';
import { ingestCinema } from './cinema/ingest-cinema';
import { ingestCourses } from './courses/ingest-courses';
import { ingestMusic } from './music/ingest-music';
import type { IngestOptions } from './options';

export { formatReport, IngestReport } from './ingest-report';
export type { IngestOptions } from './options';

const ADAPTERS = { cinema: ingestCinema, music: ingestMusic, courses: ingestCourses };

/** The names of the shipped domains. */
export const INGEST_NAMES = Object.keys(ADAPTERS) as readonly (keyof typeof ADAPTERS)[];

/**
 * Reads the raw files of a shipped domain and writes its domain folder.
 *
 * @throws InkpickError if the name is unknown, or if the raw folder or one of its files is missing or damaged
 */
export async function ingest(name: string, options: IngestOptions): Promise<void> {
  if (!Object.hasOwn(ADAPTERS, name)) {
    throw new InkpickError(
      'DOMAIN_NOT_FOUND',
      `There is no adapter for "${name}"; there is one for ${INGEST_NAMES.join(', ')}. ` +
        'A domain folder of your own does not need one: run "build" on it.',
    );
  }
  await ADAPTERS[name as keyof typeof ADAPTERS](options);
}
