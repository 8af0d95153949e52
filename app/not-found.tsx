import type { Metadata } from 'next';
import Link from 'next/link';
import { SiteHeader } from '@/components/site/site-header';
import { countOf } from '@/components/ui/text';
import { listDomains } from '@/lib/server/engines';

export const metadata: Metadata = { title: 'Not found' };

export default async function NotFound() {
  const domains = await listDomains();
  return (
    <>
      <SiteHeader domains={domains.map(({ id, label }) => ({ id, label }))} />
      <main id="main" tabIndex={-1} className="page pt-16 outline-none sm:pt-28">
        <p className="font-display text-8xl text-accent sm:text-9xl">404</p>
        <h1 className="mt-4 font-display text-3xl tracking-tight sm:text-4xl">Page not found</h1>
        <p className="mt-3 text-quiet">The address may be mistyped. These catalogues are here:</p>
        <ul className="mt-8 flex flex-wrap gap-4">
          {domains.map((domain) => (
            <li key={domain.id}>
              <Link
                href={`/${domain.id}`}
                className="block min-w-44 rounded border border-line bg-sheet px-5 py-4 hover:border-ink"
              >
                <span className="block font-display text-xl">{domain.label}</span>
                <span className="text-quiet text-sm">{countOf(domain.itemCount, domain.item)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
