import { redirect } from 'next/navigation';
import { listDomains } from '@/lib/server/engines';

/** The first catalogue is the home page. */
export default async function HomePage() {
  const [first] = await listDomains();
  if (!first) throw new Error('No catalogue in public/artifacts: build one with `npm run inkpick -- build`.');
  redirect(`/${first.id}`);
}
