import fc from 'fast-check';

/**
 * Property tests draw the same examples in every run, so that a run fails for a change and never by chance. Set
 * `INKPICK_PROPERTY_SEED` to a number to draw others.
 */
fc.configureGlobal({ seed: Number(process.env.INKPICK_PROPERTY_SEED ?? 20_261_201) });
