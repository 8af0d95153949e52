import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import type { Course } from './course';
import { UDEMY } from './udemy';

export const ENROLMENTS = 'coco_interactions.csv';

const enrolmentRow = z.object({
  user_id: z.string().min(1),
  course_id: z.string().min(1),
  timestamp: z.coerce.number().int().nonnegative(),
});
type EnrolmentRow = z.infer<typeof enrolmentRow>;

/** Reads the first enrolment of each learner in each course, and counts learners in `udemy`. */
export async function readEnrolments(
  folder: RawFolder,
  udemy: readonly Course[],
  report: IngestReport,
): Promise<EnrolmentRow[]> {
  const byId = new Map(udemy.map((course) => [course.id, course]));
  const seen = new Set<string>();
  const enrolments: EnrolmentRow[] = [];
  for await (const row of folder.csv(ENROLMENTS, enrolmentRow)) {
    const course = byId.get(row.course_id);
    const pair = `${row.user_id} ${row.course_id}`;
    if (course === undefined) report.dropped(ENROLMENTS, `course is not in ${UDEMY}`, row.course_id);
    else if (seen.has(pair)) report.dropped(ENROLMENTS, 'second enrolment in the same course', pair);
    else {
      seen.add(pair);
      course.learners++;
      enrolments.push(row);
    }
  }
  return enrolments;
}
