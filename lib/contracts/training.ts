import { z } from 'zod';

const positive = z.number().positive();

/** Hyperparameters of the collaborative models, as the manifest has them. */
export const trainingSchema = z.object({
  latent: z.object({
    /** Length of a factor vector. */
    dims: z.number().int().min(1).max(1024),
    epochs: z.number().int().positive(),
    /** α₀ of iALS: weight of every user–item pair, observed or not. */
    unobservedWeight: positive,
    /** reg of iALS (Rendle et al. 2022): λ = reg · (n + α₀ · N) for n observed pairs of N. */
    regularization: positive,
  }),
  neighbours: z.object({
    /** K: number of nearest items in the regression of one item. */
    neighbours: z.number().int().positive(),
    /** λ of the ridge regression, in interactions. */
    regularization: positive,
    /** q = p / (1 − p), where p is the dropout rate that EDLAE's diagonal stands for (Steck 2020). */
    dropout: z.number().nonnegative(),
  }),
});
export type Training = z.infer<typeof trainingSchema>;

/** Hyperparameters as `domain.json` has them; the build searches for absent ones on validation users. */
export const trainingChoiceSchema = z.object({
  latent: trainingSchema.shape.latent.partial().default({}),
  neighbours: trainingSchema.shape.neighbours.partial().default({}),
});
export type TrainingChoice = z.infer<typeof trainingChoiceSchema>;
