import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { signalLabel } from '@/components/results/reason-text';
import { SiteHeader } from '@/components/site/site-header';
import { countOf, listOf, megabytes } from '@/components/ui/text';
import { downloadBytes, listDomains } from '@/lib/server/engines';

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
  const domains = await Promise.all(
    (await listDomains()).map(async (domain) => ({ ...domain, bytes: await downloadBytes(domain.id) })),
  );
  const isHere = (id: string) => domains.some((domain) => domain.id === id);
  return (
    <>
      <SiteHeader domains={domains.map(({ id, label }) => ({ id, label }))} />
      <main id="main" tabIndex={-1} className="page max-w-5xl! pt-10 outline-none sm:pt-16">
        <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">How it works</h1>
        <p className="mt-4 mb-10 max-w-2xl text-lg text-pretty">
          Pick a few things you like. Inkpick compares them with the whole catalogue and shows the twenty that fit best,
          each with a reason.
        </p>

        <Part id="device" title="On your device">
          <p>
            The first time you open a catalogue, the page downloads its index, and your browser stores it (
            <a href="#catalogues">sizes below</a>). Search and recommendations then run in your browser, in the
            background, in a few milliseconds. A second visit works offline.
          </p>
          <p>
            Some catalogues include a small neural network that is better with short lists. The program that runs it is
            loaded after your first list; until then the page runs the network itself, with the same result.
          </p>
          <p>
            Items that people have chosen are loaded first and make your first list. The others, the search box and a
            faster index follow. The line above the results says how many items were searched, how long it took, and
            with which index.
          </p>
        </Part>

        <Part id="privacy" title="Your list is yours">
          <p>
            Your browser stores your likes, dislikes, interests, settings, and what you save or hide. They are not sent
            unless you agree. The survey is an exception: it sends the interests you tick, and a random name for your
            browser, to get a first list before the index is loaded. The server does not store them.
          </p>
          <p>
            If you agree, the page sends what you were shown, opened, liked, saved, hid and shared, under a random
            number in a cookie, and nothing else. On <Link href="/your-data">Your data</Link> you can see, download and
            erase all of it. Your lists are made on your device either way.
          </p>
          <p>
            <strong>Copy link</strong> copies an address with your settings and picks after the <code>#</code>, a part
            that browsers never send to a server. People who open the link see your list; their own stays as it is.
          </p>
        </Part>

        <Part id="shared" title="What others do">
          <p>
            While a list is open, the page asks the server three times a minute what is popular now and what is new. The
            request contains nothing about you, and the response is the same for all. What is popular now is part of
            popularity. New items get a few reserved places until it is known whether people like them.
          </p>
          <p>
            <Link href="/friends">Friends</Link> follow each other by a code. Likes that people you follow share count
            in your list too.
          </p>
        </Part>

        <Part id="list" title="How a list is made">
          <p>Four signals score the catalogue, each in its own way:</p>
          <dl className="space-y-3">
            <div>
              <dt>What it is about</dt>
              <dd>Tags, people and words that an item shares with your picks. Also finds little-known items.</dd>
            </div>
            <div>
              <dt>{signalLabel('latent', { users: listOf([...new Set(domains.map(({ users }) => users))]) })}</dt>
              <dd>
                What people with lists similar to yours chose. Items that have not been chosen yet are placed by their
                tags and words.
              </dd>
            </div>
            <div>
              <dt>Chosen together</dt>
              <dd>For each of your picks, what people who chose it also chose.</dd>
            </div>
            <div>
              <dt>Popularity</dt>
              <dd>How many people chose an item: the same for all visitors.</dd>
            </div>
          </dl>
          <p>
            Each signal says how far an item is above the average of the catalogue. The score is a sum: each signal
            times its weight. A small network chooses the weights for your list, from its length and how well your picks
            agree, for example. It was trained on lists of other people, of which it had to find a hidden part.
          </p>
          <p>A weight can be negative, most often that of popularity: very popular items then lose score.</p>
        </Part>

        <Part id="actions" title="What you can do">
          <dl className="space-y-3">
            <div>
              <dt>Like and dislike</dt>
              <dd>These are your picks. The list is made from them, and does not contain them.</dd>
            </div>
            <div>
              <dt>Save</dt>
              <dd>
                The bookmark saves an item for later, under <em>Saved</em> beside your picks. It does not change your
                list.
              </dd>
            </div>
            <div>
              <dt>Not interested</dt>
              <dd>
                In the menu with the three dots. It hides this one item and does not change your taste. You can show it
                again under <em>Hidden</em>.
              </dd>
            </div>
          </dl>
        </Part>

        <Part id="reasons" title="The reasons are exact">
          <p>
            The line under a cover is computed from the score itself: the score is a sum in which each of your picks has
            a part. The percentage is a pick’s share of the positive parts.
          </p>
          <p>
            The question mark on a card shows the terms of its score. A bar to the left of the line lowers the score.
          </p>
        </Part>

        <Part id="modes" title="Three modes">
          <dl className="space-y-3">
            <div>
              <dt>Hybrid</dt>
              <dd>All four signals.</dd>
            </div>
            <div>
              <dt>Content</dt>
              <dd>Only what an item is about.</dd>
            </div>
            <div>
              <dt>Collaborative</dt>
              <dd>The two signals based on what others chose.</dd>
            </div>
          </dl>
        </Part>

        <Part id="weights" title="Content share, diversity, discovery">
          <p>
            <strong>Content share</strong>, α, is the part of the personal score that comes from what an item is about;
            the rest comes from what others chose. Popularity is added to both. On Auto, the network chooses it for your
            list and the slider shows it. Move the slider to set it yourself.
          </p>
          <p>
            <strong>Diversity</strong> avoids lists of near-identical items: the higher it is, the lower an item ranks
            for being similar to those above it.
          </p>
          <p>
            <strong>Discovery</strong> chooses better or less known items among those that fit. On Auto, items are as
            well known as fits best.
          </p>
        </Part>

        <Part id="keys" title="Keyboard">
          <p>
            <kbd>/</kbd> goes to the search box, the arrow keys select a result, <kbd>Enter</kbd> adds it to your picks.
            The arrow keys also work in the sliders, modes and catalogue tabs.
          </p>
        </Part>

        <Part id="catalogues" title="The catalogues">
          <ul>
            {domains.map((domain) => (
              <li key={domain.id}>
                <Link href={`/${domain.id}`}>{domain.label}</Link>: {countOf(domain.itemCount, domain.item)},{' '}
                {megabytes(domain.bytes)} MB
              </li>
            ))}
          </ul>
        </Part>

        <Part id="credits" title="Credits and terms">
          <ul className="space-y-2">
            {isHere('cinema') && (
              <li>
                Films: <strong>MovieLens</strong> by GroupLens (Harper and Konstan, “The MovieLens Datasets: History and
                Context”, ACM TiiS 5:4, 2015), not for commercial use without permission. Facts from{' '}
                <strong>TMDB</strong>, which neither endorses nor certifies this site, and from{' '}
                <strong>Wikipedia</strong>, CC BY-SA.
              </li>
            )}
            {isHere('music') && (
              <li>
                Songs: playlists collected by Shuo Chen from <strong>Yes.com</strong> and tags from{' '}
                <strong>Last.fm</strong>, who own them (Chen et al., “Playlist Prediction via Metric Embedding”, KDD
                2012); ask them before any commercial use.
              </li>
            )}
            {isHere('courses') && (
              <li>
                Courses: <strong>COCO</strong> (Dessì, Fenu, Marras and Reforgiato, 2018) for Udemy, and the public
                catalogue of <strong>Coursera</strong>.
              </li>
            )}
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
