import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DomainApp } from '@/components/domain/domain-app';
import { countOf } from '@/components/ui/text';
import { DEFAULT_TOP_K } from '@/lib/contracts/engine';
import { getManifest, listDomains, popularItems } from '@/lib/server/engines';

/** Pages of the domains known at build time are files; the page of one added later is rendered at its first request. */
export async function generateStaticParams() {
  return (await listDomains()).map(({ id }) => ({ domain: id }));
}

interface Props {
  params: Promise<{ domain: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { domain: id } = await params;
  const domain = (await listDomains()).find((known) => known.id === id);
  if (!domain) return {};
  return {
    title: domain.label,
    description: `What to ${domain.verb} next: picked from ${countOf(domain.itemCount, domain.item)}, on your own device.`,
    // instrumentation-client.ts reads it.
    other: { 'inkpick-domain': id },
  };
}

export default async function DomainPage({ params }: Props) {
  const { domain: id } = await params;
  const domains = await listDomains();
  const domain = domains.find((known) => known.id === id);
  if (!domain) notFound();
  const { domain: source } = await getManifest(id);
  return (
    <DomainApp
      key={id}
      domain={domain}
      domains={domains.map(({ id, label }) => ({ id, label }))}
      popular={await popularItems(id, DEFAULT_TOP_K)}
      loadsWhole={source.index !== 'server'}
    />
  );
}
