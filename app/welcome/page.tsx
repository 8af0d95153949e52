import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { languageOptions, regionOptions } from '@/components/consent/locale-options';
import { hasSurvey } from '@/components/welcome/survey';
import { Welcome } from '@/components/welcome/welcome';
import { AGE_BANDS } from '@/lib/contracts/events';
import { listDomains } from '@/lib/server/engines';

export const metadata: Metadata = { title: 'What do you like?' };

export default async function WelcomePage() {
  const domains = await listDomains();
  if (!domains.some(hasSurvey)) notFound();
  const options = {
    ageBand: AGE_BANDS.map((value) => ({ value, label: value })),
    region: regionOptions(),
    language: languageOptions(),
  };
  return (
    // The address names the catalogue, which a page rendered at build time does not know.
    <Suspense fallback={<main className="min-h-dvh" />}>
      <Welcome domains={domains} options={options} />
    </Suspense>
  );
}
