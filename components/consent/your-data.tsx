'use client';

import { Download, RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { asInkpickError } from '../engine/use-domain';
import { useOwnTaste } from '../picks/use-taste';
import { SettingsRow } from '../settings/settings-row';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { readConsent, setConsent } from './consent';
import { describeHeld, excerptOf, type Held } from './held';
import { agree, eraseHeld, readHeld } from './me';
import type { ProfileOptions } from './profile-fields';
import { ProfileForm } from './profile-form';

type KnownDomain = Pick<DomainInfo, 'id' | 'label'>;

/** Of each list: a page with everything could grow too long for any browser. */
const MOST_SHOWN = 500;

/** What is known of the server's side. */
type State = { phase: 'asking' } | { phase: 'failed'; problem: string } | { phase: 'told'; held: Held | null };

/** What is on this device and what the server holds, with all that can be done about it. */
export function YourData({ domains, options }: { domains: readonly KnownDomain[]; options: ProfileOptions }) {
  const [state, setState] = useState<State>({ phase: 'asking' });
  /** What has just been done, for those who cannot see that it was. */
  const [said, setSaid] = useState('');
  const status = useRef<HTMLParagraphElement>(null);

  const read = useCallback(async () => {
    try {
      const held = await readHeld();
      // Erased from another device, or lost by the server: nothing is agreed any more.
      if (!held && readConsent() === 'yes') setConsent(null);
      setState({ phase: 'told', held });
    } catch (error) {
      setState({ phase: 'failed', problem: asInkpickError(error).message });
    }
  }, []);
  useEffect(() => void read(), [read]);

  /** Does something, reads again what is held, and says so where the focus goes: the button that had it may be gone. */
  const act = async (what: () => Promise<void>, saying: string) => {
    await what();
    await read();
    setSaid(saying);
    status.current?.focus();
  };

  return (
    <>
      <p ref={status} role="status" tabIndex={-1} className="mb-3 min-h-6 font-semibold outline-none">
        {said}
      </p>
      <Part id="device" title="On this device">
        <p>
          Your likes, dislikes and interests, what you saved and what you hid are kept by this browser, for this site
          only. Take them away with <em>Clear</em> beside each list, or all at once with the site’s data in your
          browser’s settings.
        </p>
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[10rem_1fr]">
          {domains.map((domain) => (
            <DeviceRow key={domain.id} domain={domain} />
          ))}
          <SettingsRow />
        </dl>
      </Part>
      <Part id="server" title="On the server">
        {state.phase === 'asking' && <p className="text-quiet">Asking the server</p>}
        {state.phase === 'failed' && (
          <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
            <p className="font-semibold">What the server holds could not be read.</p>
            <p className="mt-1 text-quiet text-sm">{state.problem}</p>
            <Button className="mt-3" onClick={read}>
              <RotateCcw size={16} aria-hidden="true" />
              Try again
            </Button>
          </div>
        )}
        {state.phase === 'told' &&
          (state.held ? (
            <OnServer
              held={state.held}
              domains={domains}
              onErase={() =>
                act(eraseHeld, 'It is erased. The server holds nothing of you, and nothing is sent any more.')
              }
            />
          ) : (
            <Nothing onAgree={() => act(agree, 'Thank you. From now on the server learns from what you do here.')} />
          ))}
      </Part>
      {state.phase === 'told' && state.held && (
        <Part id="about-you" title="About you">
          <p>
            If you like, say a little of yourself: a newcomer who says the same then gets a better first list, and so do
            you. Each of the three is optional; what you leave out is forgotten.
          </p>
          <ProfileForm profile={state.held.about} options={options} onSaved={read} />
        </Part>
      )}
    </>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid gap-x-12 gap-y-3 border-line border-t py-8 md:grid-cols-[16rem_1fr]">
      <h2 id={id} className="font-display text-2xl leading-tight">
        {title}
      </h2>
      <div className="min-w-0 max-w-2xl space-y-4 text-pretty leading-relaxed">{children}</div>
    </section>
  );
}

function DeviceRow({ domain }: { domain: KnownDomain }) {
  const { ready, choices, saved, interests } = useOwnTaste(domain.id);
  const countOfValue = (value: number) => count(choices.filter((choice) => choice.value === value).length);
  return (
    <>
      <dt className="font-semibold">
        <Link href={`/${domain.id}`} prefetch={false} className="underline underline-offset-2 hover:text-accent">
          {domain.label}
        </Link>
      </dt>
      <dd className="tabular-nums">
        {ready
          ? `${countOfValue(1)} liked, ${countOfValue(-1)} not liked, ${count(saved.length)} saved, ${countOfValue(0)} hidden, ${count(interests.length)} interests`
          : 'Counting'}
      </dd>
    </>
  );
}

/** Runs one task at a time; says what went wrong. */
function useTask(): { isBusy: boolean; problem: string | null; run: (task: () => Promise<void>) => Promise<void> } {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (task: () => Promise<void>) => {
    setIsBusy(true);
    setProblem(null);
    try {
      await task();
    } catch (error) {
      setProblem(asInkpickError(error).message);
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, problem, run };
}

function Nothing({ onAgree }: { onAgree: () => Promise<void> }) {
  const { isBusy, problem, run } = useTask();
  return (
    <>
      <p>The server holds nothing of you: no cookie, no number, no list. Nothing that you do here is kept there.</p>
      <p>
        If you agree, it is told which items you were shown, looked at, followed, liked, disliked, saved, hid and
        shared, under a random number that a cookie keeps. From that it learns what is popular now, which new items
        deserve to be shown, and which way of choosing works better. It needs no name, and you can take everything back
        here.
      </p>
      <Button look="solid" disabled={isBusy} onClick={() => run(onAgree)}>
        I agree
      </Button>
      <Problem text={problem} />
    </>
  );
}

function OnServer({
  held,
  domains,
  onErase,
}: {
  held: Held;
  domains: readonly KnownDomain[];
  onErase: () => Promise<void>;
}) {
  const [isSure, setIsSure] = useState(false);
  const { isBusy, problem, run } = useTask();
  const keep = useRef<HTMLButtonElement>(null);
  const erase = useRef<HTMLButtonElement>(null);
  const labels = new Map(domains.map(({ id, label }) => [id, label]));

  const download = () => {
    const file = new Blob([JSON.stringify(held, null, 2)], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'inkpick-your-data.json';
    link.click();
    // The browser reads the file after this turn.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  // The focus follows the buttons that take each other's place, and lands on the one that does no harm.
  const wasSure = useRef(false);
  useEffect(() => {
    if (isSure) keep.current?.focus();
    else if (wasSure.current) erase.current?.focus();
    wasSure.current = isSure;
  }, [isSure]);

  return (
    <>
      <p>This is all that the server holds of you. You agreed to it, and can take it back.</p>
      <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[10rem_1fr]">
        {describeHeld(held, labels).map(({ what, says }) => (
          <div key={what} className="contents">
            <dt className="font-semibold max-sm:mt-1.5">{what}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <details className="rounded border border-line bg-sheet">
        <summary className="cursor-pointer px-4 py-2.5 font-medium text-sm">All of it, as it stands there</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre tabIndex={0} className="max-h-96 overflow-auto border-line border-t px-4 py-3 text-xs leading-5">
          {excerptOf(held, MOST_SHOWN)}
        </pre>
      </details>
      {isSure ? (
        <fieldset className="border-accent border-l-4 bg-sheet px-5 py-4">
          <legend className="sr-only">Erase everything?</legend>
          <p className="font-semibold">Erase everything that the server holds of you?</p>
          <p className="mt-1 text-quiet text-sm">
            Friends lose you, and nothing is sent any more. This cannot be undone. What is on this device stays.
          </p>
          <div className="mt-3 flex flex-wrap gap-2.5">
            <Button look="solid" disabled={isBusy} onClick={() => run(onErase)}>
              Yes, erase it
            </Button>
            <Button ref={keep} disabled={isBusy} onClick={() => setIsSure(false)}>
              Keep it
            </Button>
          </div>
          <Problem text={problem} />
        </fieldset>
      ) : (
        <div className="flex flex-wrap gap-2.5">
          <Button onClick={download}>
            <Download size={16} aria-hidden="true" />
            Download
          </Button>
          <Button ref={erase} onClick={() => setIsSure(true)}>
            Erase everything the server holds
          </Button>
        </div>
      )}
    </>
  );
}

function Problem({ text }: { text: string | null }) {
  return text && <p role="alert" className="mt-2 text-sm">{`That did not work: ${text}`}</p>;
}
