'use client';

import { Copy } from 'lucide-react';
import type { Friends } from '../../lib/contracts/friends';
import { Button } from '../ui/button';
import { toast } from '../ui/toasts';
import { friendsApi } from './friends-api';
import { LineForm } from './line-form';
import { PageSection } from './page-section';
import type { RunAction } from './use-friends';

/** The visitor's own code and name. */
export function OwnCode({
  friends: { code, name },
  runAction,
  attempt,
}: {
  friends: Friends;
  runAction: RunAction;
  /** Runs an action and shows a toast with its outcome. */
  attempt: (action: () => Promise<Friends>, done: string) => Promise<void>;
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code ?? '');
      toast('Code copied. People you send it to can follow you.');
    } catch {
      toast('Copying is blocked here. Select the code and copy it by hand.');
    }
  };
  const renew = () => attempt(friendsApi.renewCode, 'You have a new code. The old one no longer works.');

  return (
    <PageSection
      id="own-code"
      title="Your code"
      hint="People who have it can follow you. They see your name and what you share, and nothing else."
    >
      {code === null ? (
        <Button look="solid" onClick={() => attempt(() => friendsApi.introduce(), 'Here is your code.')}>
          Make my code
        </Button>
      ) : (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <p className="select-all whitespace-nowrap font-semibold text-4xl tabular-nums tracking-wide">{code}</p>
          <div className="flex gap-2">
            <Button look="solid" onClick={copy}>
              <Copy size={16} aria-hidden="true" />
              Copy
            </Button>
            <Button onClick={renew}>New code</Button>
          </div>
        </div>
      )}
      <div className="mt-6">
        <LineForm
          label="Your name, as friends see it"
          button="Save"
          initial={name ?? ''}
          autoComplete="nickname"
          maxLength={80}
          onSubmit={async (text) => {
            const saved = await runAction(() => friendsApi.introduce(text.trim() === '' ? null : text));
            toast(saved.name === null ? 'Your name is removed.' : `Your friends see you as ${saved.name}.`);
            return saved.name ?? '';
          }}
        />
      </div>
    </PageSection>
  );
}
