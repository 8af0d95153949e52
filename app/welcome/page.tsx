import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { hasSurvey } from '@/components/welcome/survey';
import { Welcome } from '@/components/welcome/welcome';
import { listDomains } from '@/lib/server/catalog';

export const metadata: Metadata = { title: 'What do you like?' };

export default async function WelcomePage() {
  const domains = await listDomains();
  if (!domains.some(hasSurvey)) notFound();
  return (
    // Which catalogue it is about stands in the address, which a page built beforehand does not know.
    <Suspense fallback={<main className="min-h-dvh" />}>
      <Welcome domains={domains} />
    </Suspense>
  );
}
