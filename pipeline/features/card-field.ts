import type { DomainConfig } from '../../lib/contracts/domain-folder';

/** The field whose tags cards show: the one that `domain.json` marks with `show`, otherwise the first field of tags. */
export function cardTagField(config: DomainConfig): string | undefined {
  return (config.fields.find(({ show }) => show) ?? config.fields.find(({ kind }) => kind === 'tags'))?.name;
}
