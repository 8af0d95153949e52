import { type DomainConfig, domainConfigSchema } from '../../lib/contracts/domain-folder';
import { type DomainFolder, RowProblems } from '../domain-folder/read';

export const NONE = Number.NaN;

/** A domain folder of items "i0", "i1", … and the interactions [user, item, value?]. */
export function domainFolderOf(
  itemCount: number,
  rows: [number, number, number?][],
  config: Partial<DomainConfig> = {},
): DomainFolder {
  const userCount = Math.max(0, ...rows.map(([user]) => user + 1));
  return {
    config: {
      ...domainConfigSchema.parse({ id: 'd', label: 'D', item: { one: 'i', many: 'i' }, fields: [] }),
      ...config,
    },
    items: Array.from({ length: itemCount }, (_, i) => ({ id: `i${i}`, title: `Item ${i}` })),
    interactions: {
      userIds: Array.from({ length: userCount }, (_, user) => `u${user}`),
      users: Uint32Array.from(rows, ([user]) => user),
      items: Uint32Array.from(rows, ([, item]) => item),
      values: Float32Array.from(rows, ([, , value]) => value ?? NONE),
      timestamps: new Float64Array(rows.length),
    },
    related: [],
    problems: new RowProblems(),
  };
}
