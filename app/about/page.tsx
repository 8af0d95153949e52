import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { signalLabel } from '@/components/results/reasons';
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
          Name a few things you like. Inkpick compares them with everything in the catalogue and shows you the twenty
          that fit best, each with its reason.
        </p>

        <Part id="device" title="On your device">
          <p>
            The first time you open a catalogue, the page fetches its index, and your browser keeps it;{' '}
            <a href="#catalogues">the sizes are below</a>. Searching and choosing then happen in your browser, in the
            background, in a few milliseconds. A second visit works without a network.
          </p>
          <p>
            Some catalogues bring a small neural network that reads short lists better. The program that runs it follows
            once your first list is on the screen; until then the page runs it itself, with the same result.
          </p>
          <p>
            What anyone chose comes first and makes your first list; what nobody chose yet, the search box and the
            faster way to look through it all follow behind. The line above the results says how many items were
            searched, how long it took and by which index.
          </p>
        </Part>

        <Part id="privacy" title="Your list is yours">
          <p>
            Likes, dislikes, interests, and what you save or hide are stored by your browser, and nothing of them is
            sent anywhere unless you agree. One exception, when you ask for it: the survey sends the interests you tick,
            and a random name for your browser, to get a first list before the index is there. They are not kept.
          </p>
          <p>
            If you agree, the server is told what you were shown here, opened, liked, saved, hid and shared, under a
            random number that a cookie keeps, and no more than that. <Link href="/your-data">Your data</Link> shows all
            of it, hands it to you as a file, and erases it. Your lists are made on your device either way.
          </p>
          <p>
            <strong>Copy link</strong> puts your settings and picks behind the <code>#</code> of the address, a part
            that browsers never send to a server. Whoever opens the link sees your list, and keeps their own.
          </p>
        </Part>

        <Part id="shared" title="What others do">
          <p>
            While a list is open, the page asks the server a few times a minute what is liked a lot these days and what
            is new; everybody gets the same answer, and nothing of you is in the question. What is popular now counts as
            part of popularity. Something new takes one of a few places that are kept for it until it is known whether
            people care for it.
          </p>
          <p>
            <Link href="/friends">Friends</Link> follow each other by a code. What those you follow like, and chose to
            share, then has a say in your list too.
          </p>
        </Part>

        <Part id="list" title="How a list is made">
          <p>Four signals search the catalogue, each in its own way:</p>
          <dl className="space-y-3">
            <div>
              <dt>What it is about</dt>
              <dd>Tags, people and words that it shares with your picks. Finds what few have heard of.</dd>
            </div>
            <div>
              <dt>{signalLabel('latent', { users: listOf([...new Set(domains.map(({ users }) => users))]) })}</dt>
              <dd>
                What was chosen by those whose lists resemble yours as a whole. Whatever nobody has chosen yet is placed
                by its tags and words.
              </dd>
            </div>
            <div>
              <dt>Chosen together</dt>
              <dd>What else was chosen by those who chose one of your picks, pick by pick.</dd>
            </div>
            <div>
              <dt>Popularity</dt>
              <dd>How many chose it at all: the same for everybody.</dd>
            </div>
          </dl>
          <p>
            A signal says how far an item stands above the average of the catalogue. The score is a plain sum: each of
            the four, times its weight. The weights are not set by hand. A small network finds them for your list, from
            such things as its length and how well your picks agree; it has learned to from the lists of others, part of
            which it was not shown and had to find.
          </p>
          <p>
            A weight can be below 0, popularity’s above all: it then counts against an item that everybody chooses
            anyway.
          </p>
        </Part>

        <Part id="actions" title="What you can say">
          <dl className="space-y-3">
            <div>
              <dt>Like and dislike</dt>
              <dd>They are your picks: the list follows them, and leaves them out.</dd>
            </div>
            <div>
              <dt>Save</dt>
              <dd>
                The bookmark keeps something for later, under <em>Saved</em> beside your picks. Your list stays as it
                is.
              </dd>
            </div>
            <div>
              <dt>Not interested</dt>
              <dd>
                Behind the three dots, beside <em>Dislike</em>. It hides this one thing, and says nothing of your taste.
                Under <em>Hidden</em> it can be shown again.
              </dd>
            </div>
          </dl>
        </Part>

        <Part id="reasons" title="The reasons are exact">
          <p>
            The line under a cover is not made up afterwards. The score is a sum, and each of your picks has its part in
            it, which is computed. The percentage is a pick’s share of all that speaks for the item.
          </p>
          <p>
            The question mark on a card turns its cover over and shows the terms of its score. A bar to the left of the
            line counts against the item; what speaks for it outweighed that.
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
              <dd>What it is about, and nothing else.</dd>
            </div>
            <div>
              <dt>Collaborative</dt>
              <dd>The two signals that look at what others chose.</dd>
            </div>
          </dl>
        </Part>

        <Part id="weights" title="Content share and diversity">
          <p>
            <strong>Content share</strong>, α, says how much of the personal part of a hybrid score comes from what a
            thing is about; the rest comes from what others chose. Popularity stands beside both. On Auto it is what the
            network finds for your list, and the slider shows it. Move the slider to decide for yourself; Auto hands the
            choice back.
          </p>
          <p>
            <strong>Diversity</strong> keeps the list from saying the same thing twenty times: the higher it is, the
            more an item is held back for being like those above it.
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
