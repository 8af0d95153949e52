import type { z } from 'zod';
import type { domainConfigSchema } from '../../../lib/contracts/domain-folder';

export const MUSIC = {
  id: 'music',
  label: 'Music',
  item: { one: 'song', many: 'songs' },
  verb: 'hear',
  users: 'playlists',
  fields: [
    { name: 'tags', kind: 'tags', weight: 1, show: true },
    { name: 'creators', kind: 'tags', weight: 1.5 },
    { name: 'title', kind: 'text', weight: 0.3 },
  ],
  links: {},
  minUserInteractions: 2,
  minItemInteractions: 3,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.3, regularization: 0.001 },
    neighbours: { neighbours: 100, regularization: 30, dropout: 2 },
  },
} satisfies z.input<typeof domainConfigSchema>;

/** Options for choosing interests from the genres. */
export const MUSIC_INTERESTS = { count: 16, maxOverlap: 0.6, maxShare: 0.3 };
