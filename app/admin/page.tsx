import type { Metadata } from 'next';
import { Admin } from '@/components/admin/admin';
import { SiteHeader } from '@/components/site/site-header';
import { listDomains } from '@/lib/server/engines';

export const metadata: Metadata = { title: 'Operator', robots: { index: false, follow: false } };

export default async function AdminPage() {
  const domains = (await listDomains()).map(({ id, label }) => ({ id, label }));
  return (
    <>
      <SiteHeader domains={domains} />
      <main id="main" tabIndex={-1} className="page pt-6 outline-none sm:pt-8">
        <h1 className="font-display text-3xl tracking-tight">Operator</h1>
        <Admin domains={domains} />
      </main>
    </>
  );
}
