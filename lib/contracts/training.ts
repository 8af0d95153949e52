import { z } from 'zod';

const positive = z.number().positive();

/** Hyperparameters of the collaborative models, as `domain.json` may set them and the manifest tells them. */
export const trainingSchema = z.object({
  latent: z.object({
    /** Length of a factor. */
    dims: z.number().int().min(1).max(1024),
    epochs: z.number().int().positive(),
    /** α₀: weight of the pairs that nobody observed. */
    unobservedWeight: positive,
    regularization: positive,
  }),
  neighbours: z.object({
    /** K: nearest items in the regression of one. */
    neighbours: z.number().int().positive(),
    /** λ, in interactions. */
    regularization: positive,
    /** q = p / (1 − p), where p is the share of the input that dropout would leave out. */
    dropout: z.number().nonnegative(),
  }),
});
export type Training = z.infer<typeof trainingSchema>;

/** As `domain.json` has it: what is left out is searched for on validation users. */
export const trainingChoiceSchema = z.object({
  latent: trainingSchema.shape.latent.partial().default({}),
  neighbours: trainingSchema.shape.neighbours.partial().default({}),
});
export type TrainingChoice = z.infer<typeof trainingChoiceSchema>;
