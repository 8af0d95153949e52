import type { z } from 'zod';
import type { domainConfigSchema } from '../../../lib/contracts/domain-folder';

export const COURSES = {
  id: 'courses',
  label: 'Courses',
  item: { one: 'course', many: 'courses' },
  verb: 'learn',
  users: 'learners',
  fields: [
    { name: 'categories', kind: 'tags', weight: 0.8, show: true },
    { name: 'skills', kind: 'tags', weight: 1 },
    { name: 'title', kind: 'text', weight: 1.5 },
    { name: 'creators', kind: 'tags', weight: 0.3 },
    { name: 'level', kind: 'tags', weight: 0.2 },
    { name: 'language', kind: 'tags', weight: 0.8 },
    { name: 'provider', kind: 'tags', weight: 0.1 },
    { name: 'description', kind: 'text', weight: 0.4 },
  ],
  links: { udemy: 'https://www.udemy.com/course/{udemy}/', coursera: 'https://www.coursera.org/learn/{coursera}' },
  minUserInteractions: 2,
  minItemInteractions: 1,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.033, regularization: 0.009 },
    neighbours: { neighbours: 200, regularization: 90, dropout: 0.25 },
  },
} satisfies z.input<typeof domainConfigSchema>;

/** Options for choosing interests from the categories. */
export const COURSE_INTERESTS = { count: 16, maxOverlap: 0.6, maxShare: 0.2 };
