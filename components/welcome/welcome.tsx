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
import { FirstList } from './first-list';
import { readListInput, saveListInput } from './list-input';
import type { OnboardingInput, QuestionItem } from './onboarding-api';
import { QuickPick } from './quick-pick';
import { type Answer, toPicks } from './quick-pick-answers';
import { hasSurvey, isEnough, MAX_INTERESTS } from './survey';
import { SurveyStep } from './survey-step';

/** The fragment of the address while the list is shown, so that a reload shows it again. */
const LIST_HASH = '#list';

/**
 * The page `/welcome?domain=…`: a survey, a quick pick, and a first list from the server.
 *
 * @param domains at least one of them has a survey
 */
export function Welcome({ domains, options }: { domains: readonly DomainInfo[]; options: ProfileOptions }) {
  const requested = useSearchParams().get('domain');
  const surveyed = domains.filter(hasSurvey);
  const domain = surveyed.find(({ id }) => id === requested) ?? surveyed[0];
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
  const [answers, setAnswers] = useState<Answer<QuestionItem>[]>([]);
  const [earlier, setEarlier] = useState<OnboardingInput['answers']>([]);
  const [listInput, setListInput] = useState<OnboardingInput | null>(null);
  const [step, setStep] = useState<Step>('survey');

  // Start with the interests that the visitor chose before.
  const seeded = useRef(false);
  useEffect(() => {
    if (!ready || seeded.current) return;
    seeded.current = true;
    const known = interests.filter(({ id }) => domain.interests.some((interest) => interest.id === id));
    const ids = known.map(({ id }) => id).slice(0, MAX_INTERESTS);
    // Keep interests that were ticked while the stored ones were loading.
    setChosen((ticked) => (ticked.length > 0 ? ticked : ids));
    if (window.location.hash === LIST_HASH && isEnough(ids)) {
      const saved = readListInput(domain.id);
      setProfile(saved.profile);
      setEarlier(saved.answers);
      setListInput({ interests: ids, ...saved });
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
      toast('Your answers are now picks', { label: 'Undo', run: undo });
    }
    const all = [...earlier, ...answers.map(({ item, value }) => ({ id: item.id, value }))];
    saveListInput(domain.id, { answers: all, profile });
    setListInput({ interests: chosen, answers: all, profile });
    setEarlier(all);
    setAnswers([]);
    go('list');
  };

  if (step === 'list' && listInput) return <FirstList domain={domain} input={listInput} onBack={() => go('survey')} />;
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
    <SurveyStep domain={domain} domains={domains} chosen={chosen} setChosen={setChosen} onContinue={startPicking}>
      <AboutYou profile={profile} options={options} onChange={setProfile} />
    </SurveyStep>
  );
}
