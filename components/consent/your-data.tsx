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
import { agree, eraseVisitorData, readVisitorData } from './consent-api';
import type { ProfileOptions } from './profile-fields';
import { ProfileForm } from './profile-form';
import { describeVisitorData, excerptOf, type VisitorData } from './visitor-data';

type KnownDomain = Pick<DomainInfo, 'id' | 'label'>;

/** Entries of each list that the page shows: without a limit the page could grow too large for a browser. */
const MAX_SHOWN = 500;
/** The browser reads the downloaded file after the click; only then may its address be revoked. */
const REVOKE_AFTER_MS = 10_000;

/** State of the request for the server's data. */
type State =
  | { phase: 'loading' }
  | { phase: 'failed'; problem: string }
  | { phase: 'loaded'; data: VisitorData | null };

/** The page `/your-data`: shows what this device and the server store, and lets the visitor download and erase it. */
export function YourData({ domains, options }: { domains: readonly KnownDomain[]; options: ProfileOptions }) {
  const [state, setState] = useState<State>({ phase: 'loading' });
  /** The result of the last action, for screen readers. */
  const [message, setMessage] = useState('');
  const status = useRef<HTMLParagraphElement>(null);

  const read = useCallback(async () => {
    try {
      const data = await readVisitorData();
      // The data was erased elsewhere, and consent with it.
      if (!data && readConsent() === 'yes') setConsent(null);
      setState({ phase: 'loaded', data });
    } catch (error) {
      setState({ phase: 'failed', problem: asInkpickError(error).message });
    }
  }, []);
  useEffect(() => void read(), [read]);

  /** Runs an action, reloads the data, and moves the focus to a message: the button that had it may be gone. */
  const act = async (action: () => Promise<void>, done: string) => {
    await action();
    await read();
    setMessage(done);
    status.current?.focus();
  };

  return (
    <>
      <p ref={status} role="status" tabIndex={-1} className="mb-3 min-h-6 font-semibold outline-none">
        {message}
      </p>
      <Section id="device" title="On this device">
        <p>
          This browser stores your likes, dislikes and interests, and the items you saved and hid, for this site only.
          Remove them with <em>Clear</em> beside each list, or all at once by deleting this site’s data in your
          browser’s settings.
        </p>
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[10rem_1fr]">
          {domains.map((domain) => (
            <DeviceRow key={domain.id} domain={domain} />
          ))}
          <SettingsRow />
        </dl>
      </Section>
      <Section id="server" title="On the server">
        {state.phase === 'loading' && <p className="text-quiet">Loading</p>}
        {state.phase === 'failed' && (
          <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
            <p className="font-semibold">Your data could not be loaded.</p>
            <p className="mt-1 text-quiet text-sm">{state.problem}</p>
            <Button className="mt-3" onClick={read}>
              <RotateCcw size={16} aria-hidden="true" />
              Try again
            </Button>
          </div>
        )}
        {state.phase === 'loaded' &&
          (state.data ? (
            <ServerData
              data={state.data}
              domains={domains}
              onErase={() =>
                act(eraseVisitorData, 'Erased. The server stores nothing about you, and nothing more is sent.')
              }
            />
          ) : (
            <NoServerData
              onAgree={() => act(agree, 'Thank you. From now on the server learns from what you do here.')}
            />
          ))}
      </Section>
      {state.phase === 'loaded' && state.data && (
        <Section id="about-you" title="About you">
          <p>
            Your answers improve the first list, for you and for new visitors who answer the same. All three are
            optional; an answer you remove is erased.
          </p>
          <ProfileForm profile={state.data.about} options={options} onSaved={read} />
        </Section>
      )}
    </>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
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
          : 'Loading'}
      </dd>
    </>
  );
}

/** Runs a task, and reports that it is running or why it failed. */
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

function NoServerData({ onAgree }: { onAgree: () => Promise<void> }) {
  const { isBusy, problem, run } = useTask();
  return (
    <>
      <p>The server stores nothing about you and has set no cookie. What you do here stays in this browser.</p>
      <p>
        If you agree, this page sends the server which items you were shown, opened, followed, liked, disliked, saved,
        hid and shared, under a random id in a cookie. The server learns from it what is popular now, which new items to
        show, and which way of choosing works better. It needs no name, and you can erase everything here.
      </p>
      <Button look="solid" disabled={isBusy} onClick={() => run(onAgree)}>
        I agree
      </Button>
      <Problem text={problem} />
    </>
  );
}

function ServerData({
  data,
  domains,
  onErase,
}: {
  data: VisitorData;
  domains: readonly KnownDomain[];
  onErase: () => Promise<void>;
}) {
  const [isSure, setIsSure] = useState(false);
  const { isBusy, problem, run } = useTask();
  const keep = useRef<HTMLButtonElement>(null);
  const erase = useRef<HTMLButtonElement>(null);
  const labels = new Map(domains.map(({ id, label }) => [id, label]));

  const download = () => {
    const file = new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'inkpick-your-data.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER_MS);
  };

  // The buttons replace each other: move the focus along, to the one that erases nothing.
  const wasSure = useRef(false);
  useEffect(() => {
    if (isSure) keep.current?.focus();
    else if (wasSure.current) erase.current?.focus();
    wasSure.current = isSure;
  }, [isSure]);

  return (
    <>
      <p>This is everything the server stores about you. You agreed to it and can erase it.</p>
      <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[10rem_1fr]">
        {describeVisitorData(data, labels).map(({ term, description }) => (
          <div key={term} className="contents">
            <dt className="font-semibold max-sm:mt-1.5">{term}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
      <details className="rounded border border-line bg-sheet">
        <summary className="cursor-pointer px-4 py-2.5 font-medium text-sm">Show as JSON</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre tabIndex={0} className="max-h-96 overflow-auto border-line border-t px-4 py-3 text-xs leading-5">
          {excerptOf(data, MAX_SHOWN)}
        </pre>
      </details>
      {isSure ? (
        <fieldset className="border-accent border-l-4 bg-sheet px-5 py-4">
          <legend className="sr-only">Erase everything?</legend>
          <p className="font-semibold">Erase everything the server stores about you?</p>
          <p className="mt-1 text-quiet text-sm">
            Your friends no longer see you, and nothing more is sent. This cannot be undone. Data on this device stays.
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
            Erase everything on the server
          </Button>
        </div>
      )}
    </>
  );
}

function Problem({ text }: { text: string | null }) {
  return text && <p role="alert" className="mt-2 text-sm">{`That did not work: ${text}`}</p>;
}
