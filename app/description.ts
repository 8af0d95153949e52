import { capitalise, listOf } from '@/components/ui/text';
import { listDomains } from '@/lib/server/engines';

/** What the site is, in a sentence for search engines and home screens: it names whatever catalogues there are. */
export async function describeSite(): Promise<string> {
  const things = listOf((await listDomains()).map(({ item }) => item.many));
  return `${capitalise(things)} picked for you on your own device.`;
}
