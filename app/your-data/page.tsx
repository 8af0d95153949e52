import type { Metadata } from 'next';
import { languageOptions, regionOptions } from '@/components/consent/locale-options';
import { YourData } from '@/components/consent/your-data';
import { SiteHeader } from '@/components/site/site-header';
import { AGE_BANDS } from '@/lib/contracts/events';
import { listDomains } from '@/lib/server/engines';

export const metadata: Metadata = { title: 'Your data' };

export default async function YourDataPage() {
  const domains = (await listDomains()).map(({ id, label }) => ({ id, label }));
  const options = {
    ageBand: AGE_BANDS.map((band) => ({ value: band, label: band })),
    region: regionOptions(),
    language: languageOptions(),
  };
  return (
    <>
      <SiteHeader domains={domains} />
      <main id="main" tabIndex={-1} className="page max-w-5xl! pt-10 outline-none sm:pt-16">
        <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">Your data</h1>
        <p className="mt-4 mb-4 max-w-2xl text-lg text-pretty">
          What this site knows about you, where it is stored, and how to download or erase it.
        </p>
        <YourData domains={domains} options={options} />
      </main>
    </>
  );
}
