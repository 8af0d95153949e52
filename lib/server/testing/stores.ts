import { type OpenStore, openStore } from '../store/database';

/** The back ends that every test of the store runs against. `open` gives an empty one. */
export const STORES: { name: string; open: () => Promise<OpenStore> }[] = [
  { name: 'PGlite', open: () => openStore({}) },
];
