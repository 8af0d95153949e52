import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { SiteHeader } from '@/components/site/site-header';
import { countOf } from '@/components/ui/text';
import { listDomains } from '@/lib/server/catalog';

export const metadata: Metadata = { title: 'How it works' };

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid gap-x-12 gap-y-3 border-line border-t py-8 md:grid-cols-[16rem_1fr]">
      <h2 id={id} className="scroll-mt-6 font-display text-2xl leading-tight">
        {title}
      </h2>
      <div className="max-w-2xl space-y-3 text-pretty leading-relaxed [&_a]:underline [&_a]:underline-offset-2 [&_dt]:font-semibold [&_li]:ml-5 [&_li]:list-disc [&_strong]:font-semibold">
        {children}
      </div>
    </section>
  );
}

export default async function AboutPage() {
  const domains = await listDomains();
  return (
    <>
      <SiteHeader domains={domains.map(({ id, label }) => ({ id, label }))} />
      <main id="main" tabIndex={-1} className="page max-w-5xl! pt-10 outline-none sm:pt-16">
        <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">How it works</h1>
        <p className="mt-4 mb-10 max-w-2xl text-lg text-pretty">
          Name a few things you like. Inkpick compares them with everything in the catalogue and shows you the twenty
          that fit best, each with its reason.
        </p>

        <Part id="device" title="On your device">
          <p>
            The first time you open a catalogue, the page fetches its index: a few megabytes, kept by your browser
            afterwards. Searching and choosing then happen in your browser, in the background, in a few milliseconds. A
            second visit works without a network.
          </p>
          <p>The line above the results says how many items were searched, how long it took and by which index.</p>
        </Part>

        <Part id="privacy" title="Your list is yours">
          <p>
            Likes, dislikes and interests are stored by your browser and are sent nowhere. One exception, when you ask
            for it: the survey sends the interests you tick, and a random name for your browser, to get a first list
            before the index is there. They are not kept.
          </p>
          <p>
            <strong>Copy link</strong> puts your settings and picks behind the <code>#</code> of the address, a part
            that browsers never send to a server. Whoever opens the link sees your list, and keeps their own.
          </p>
        </Part>

        <Part id="modes" title="Three modes">
          <dl className="space-y-3">
            <div>
              <dt>Hybrid</dt>
              <dd>Both of the below and a little popularity, weighed by how much is known of you.</dd>
            </div>
            <div>
              <dt>Content</dt>
              <dd>What things are about: tags, people, words. Finds what few have heard of.</dd>
            </div>
            <div>
              <dt>Collaborative</dt>
              <dd>
                What people with picks like yours chose. Finds what tags cannot tell. Cards call it “people like you”,
                the API the <code>latent</code> signal.
              </dd>
            </div>
          </dl>
        </Part>

        <Part id="weights" title="Content weight and diversity">
          <p>
            <strong>Content weight</strong>, α, says how much of a hybrid score comes from what a thing is about; the
            rest comes from people like you. On Auto it is highest while you have told little, and falls as you like
            more.
          </p>
          <p>
            <strong>Diversity</strong> keeps the list from saying the same thing twenty times: the higher it is, the
            more an item is held back for being like those above it.
          </p>
          <p>
            The question mark on a card turns its cover over and shows the terms of its score: each signal’s weight,
            times how far the item stands above the average of the catalogue.
          </p>
        </Part>

        <Part id="keys" title="Keyboard">
          <p>
            <kbd>/</kbd> goes to the search box, the arrow keys go along its results, <kbd>Enter</kbd> adds one to your
            picks. Arrow keys also move the sliders, the modes and the catalogues.
          </p>
        </Part>

        <Part id="catalogues" title="The catalogues">
          <ul>
            {domains.map((domain) => (
              <li key={domain.id}>
                <Link href={`/${domain.id}`}>{domain.label}</Link>: {countOf(domain.itemCount, domain.item)}
              </li>
            ))}
          </ul>
        </Part>

        <Part id="credits" title="Credits and terms">
          <ul className="space-y-2">
            <li>
              Films: <strong>MovieLens</strong> by GroupLens (Harper and Konstan, “The MovieLens Datasets: History and
              Context”, ACM TiiS 5:4, 2015), not for commercial use without permission. Facts from <strong>TMDB</strong>
              , which neither endorses nor certifies this site, and from <strong>Wikipedia</strong>, CC BY-SA.
            </li>
            <li>
              Songs: playlists collected by Shuo Chen from <strong>Yes.com</strong> and tags from{' '}
              <strong>Last.fm</strong>, who own them (Chen et al., “Playlist Prediction via Metric Embedding”, KDD
              2012); ask them before any commercial use.
            </li>
            <li>
              Courses: <strong>COCO</strong> (Dessì, Fenu, Marras and Reforgiato, 2018) for Udemy, and the public
              catalogue of <strong>Coursera</strong>.
            </li>
            <li>
              Covers are drawn by this page from titles and tags. Type: Young Serif and Instrument Sans, SIL Open Font
              Licence.
            </li>
          </ul>
        </Part>
      </main>
    </>
  );
}
