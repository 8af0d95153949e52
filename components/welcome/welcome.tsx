'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import type { VisitorProfile } from '../../lib/contracts/events';
import type { ProfileOptions } from '../consent/profile-fields';
import { trackTaste } from '../events/track-taste';
import { tasteStore, useOwnTaste } from '../picks/use-taste';
import { SiteHeader } from '../site/site-header';
import { toast } from '../ui/toasts';
import { AboutYou } from './about-you';
import { type Answer, toPicks } from './answers';
import type { AskedItem, Told } from './api';
import { FirstList } from './first-list';
import { QuickPick } from './quick-pick';
import { keepTold, readTold } from './session';
import { hasSurvey, isEnough, MAX_INTERESTS } from './survey';
import { Survey } from './survey-step';

/** In the address while the list is shown, so that a reload shows it again. */
const LIST_HASH = '#list';

/** `/welcome?domain=…`: the survey, a quick pick, and a first list from the server. One domain at least has a survey. */
export function Welcome({ domains, options }: { domains: readonly DomainInfo[]; options: ProfileOptions }) {
  const asked = useSearchParams().get('domain');
  const surveyed = domains.filter(hasSurvey);
  const domain = surveyed.find(({ id }) => id === asked) ?? surveyed[0];
  return (
    <>
      <SiteHeader domains={domains} current={domain.id} />
      <main id="main" tabIndex={-1} className="page outline-none">
        <Steps key={domain.id} domain={domain} domains={surveyed} options={options} />
      </main>
    </>
  );
}

type Step = 'survey' | 'quick pick' | 'list';

function Steps({
  domain,
  domains,
  options,
}: {
  domain: DomainInfo;
  domains: readonly DomainInfo[];
  options: ProfileOptions;
}) {
  const { ready, interests } = useOwnTaste(domain.id);
  const [chosen, setChosen] = useState<string[]>([]);
  const [profile, setProfile] = useState<VisitorProfile>({});
  const [answers, setAnswers] = useState<Answer<AskedItem>[]>([]);
  const [earlier, setEarlier] = useState<Told['answers']>([]);
  const [told, setTold] = useState<Told | null>(null);
  const [step, setStep] = useState<Step>('survey');

  // What was said before is still ticked.
  const seeded = useRef(false);
  useEffect(() => {
    if (!ready || seeded.current) return;
    seeded.current = true;
    const known = interests.filter(({ id }) => domain.interests.some((interest) => interest.id === id));
    const ids = known.map(({ id }) => id).slice(0, MAX_INTERESTS);
    // Not over what was ticked while the record was read.
    setChosen((ticked) => (ticked.length > 0 ? ticked : ids));
    if (window.location.hash === LIST_HASH && isEnough(ids)) {
      const kept = readTold(domain.id);
      setProfile(kept.profile);
      setEarlier(kept.answers);
      setTold({ interests: ids, ...kept });
      setStep('list');
    }
  }, [ready, interests, domain]);

  const go = (next: Step) => {
    window.history.replaceState(
      window.history.state,
      '',
      next === 'list' ? LIST_HASH : window.location.pathname + window.location.search,
    );
    setStep(next);
    window.scrollTo({ top: 0 });
  };

  const startPicking = () => {
    tasteStore(domain.id).setInterests(domain.interests.filter(({ id }) => chosen.includes(id)));
    go('quick pick');
  };

  const showList = () => {
    const picks = toPicks(answers, Date.now());
    if (picks.put.length > 0) {
      trackTaste(domain.id, tasteStore(domain.id).getState().choices, picks);
      const undo = tasteStore(domain.id).change(picks);
      toast('Your answers are picks now', { label: 'Undo', run: undo });
    }
    const all = [...earlier, ...answers.map(({ item, value }) => ({ id: item.id, value }))];
    keepTold(domain.id, { answers: all, profile });
    setTold({ interests: chosen, answers: all, profile });
    setEarlier(all);
    setAnswers([]);
    go('list');
  };

  if (step === 'list' && told) return <FirstList domain={domain} told={told} onBack={() => go('survey')} />;
  if (step === 'quick pick') {
    return (
      <QuickPick
        domain={domain}
        interests={chosen}
        earlier={earlier}
        answers={answers}
        onAnswers={setAnswers}
        onFinish={showList}
      />
    );
  }
  return (
    <Survey domain={domain} domains={domains} chosen={chosen} setChosen={setChosen} onContinue={startPicking}>
      <AboutYou profile={profile} options={options} onChange={setProfile} />
    </Survey>
  );
}
