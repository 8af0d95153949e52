'use client';

import { RotateCcw } from 'lucide-react';
import { useEffect } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import type { Friends } from '../../lib/contracts/friends';
import { asInkpickError } from '../engine/use-domain';
import { tasteStore } from '../picks/use-taste';
import { SiteHeader } from '../site/site-header';
import { Button } from '../ui/button';
import { listOf } from '../ui/text';
import { toast } from '../ui/toasts';
import { Agreement } from './agreement';
import { deleteSharing, friendsApi, putSharing } from './friends-api';
import { likesToShare } from './likes-to-share';
import { LineForm } from './line-form';
import { OwnCode } from './own-code';
import { PageSection } from './page-section';
import { nameOf, PeopleList } from './people-list';
import { renewSharing } from './renew-sharing';
import { ShareSwitch } from './share-switch';
import { sharedDomains } from './shared-domains';
import { type RunAction, useFriends } from './use-friends';

type KnownDomain = Pick<DomainInfo, 'id' | 'label' | 'item'>;

/** The page `/friends`: whom the visitor follows, their followers, and what they share. */
export function FriendsPage({ domains }: { domains: readonly KnownDomain[] }) {
  const { state, runAction, reload } = useFriends();
  return (
    <>
      <SiteHeader domains={domains.map(({ id, label }) => ({ id, label }))} />
      <main id="main" tabIndex={-1} className="page max-w-5xl! pt-10 outline-none sm:pt-16">
        <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">Friends</h1>
        <p className="mt-4 mb-10 max-w-2xl text-lg text-pretty">
          Follow people you know with a code they give you. Likes that they share influence your list. Likes that you
          share influence theirs.
        </p>
        <div className="min-h-[60dvh]">
          {state.phase === 'loading' && (
            <p role="status" className="text-quiet">
              Loading
            </p>
          )}
          {state.phase === 'no consent' && <Agreement />}
          {state.phase === 'failed' && (
            <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
              <p className="font-semibold">Your friends could not be loaded.</p>
              <p className="mt-1 text-quiet text-sm">{state.error.message}</p>
              <Button className="mt-3" onClick={reload}>
                <RotateCcw size={16} aria-hidden="true" />
                Try again
              </Button>
            </div>
          )}
          {state.phase === 'loaded' && <Sections friends={state.friends} domains={domains} runAction={runAction} />}
        </div>
      </main>
    </>
  );
}

function Sections({
  friends,
  domains,
  runAction,
}: {
  friends: Friends;
  domains: readonly KnownDomain[];
  runAction: RunAction;
}) {
  /** Runs an action and shows a toast with its outcome. */
  const attempt = async (action: () => Promise<Friends>, done: string) => {
    try {
      await runAction(action);
      toast(done);
    } catch (error) {
      toast(`That did not work. ${asInkpickError(error).message}`);
    }
  };

  // Likes of the last visit may not have been sent, and some shared likes may have expired.
  useEffect(() => {
    for (const id of sharedDomains())
      void tasteStore(id)
        .settled()
        .then(() => renewSharing(id));
  }, []);

  const labels = new Map(domains.map(({ id, item }) => [id, item.many]));
  const onFollow = async (code: string) => {
    const { followed, following } = await runAction(() => friendsApi.follow(code));
    const person = following.find(({ handle }) => handle === followed);
    toast(person ? `You follow ${nameOf(person)}` : 'You follow them now');
    return '';
  };
  const onToggle = ({ id, item }: KnownDomain) => {
    return async (on: boolean) => {
      const store = tasteStore(id);
      await store.settled();
      const action = async () => {
        if (on) await putSharing(id, likesToShare(store.getState().choices, Date.now()));
        else await deleteSharing(id);
        return friendsApi.read();
      };
      await attempt(action, on ? `Your followers see the ${item.many} you like` : `You no longer share ${item.many}`);
    };
  };

  return (
    <>
      <OwnCode friends={friends} runAction={runAction} attempt={attempt} />
      <PageSection id="following" title="You follow">
        <LineForm
          label="A friend’s code"
          button="Follow"
          placeholder="7KD2M-9XQ4T"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          required
          onSubmit={onFollow}
        />
        <div className="mt-6">
          <PeopleList
            people={friends.following}
            headingId="following"
            empty="You follow no one yet. Ask a friend for their code."
            note={({ shares }) => {
              const named = shares.flatMap((id) => labels.get(id) ?? []);
              return named.length > 0 ? `Shares ${listOf(named)}` : 'Shares nothing now';
            }}
            actions={[
              {
                label: 'Unfollow',
                run: (person) =>
                  attempt(() => friendsApi.unfollow(person.handle), `You no longer follow ${nameOf(person)}`),
              },
            ]}
          />
        </div>
      </PageSection>
      <PageSection
        id="followers"
        title="Your followers"
        hint="A person you remove can follow you again with your code. A person you block cannot, and is not notified."
      >
        <PeopleList
          people={friends.followers}
          headingId="followers"
          empty="You have no followers yet. Give your code to friends."
          actions={[
            {
              label: 'Remove',
              run: (person) =>
                attempt(() => friendsApi.removeFollower(person.handle), `${nameOf(person)} no longer follows you`),
            },
            {
              label: 'Block',
              run: (person) => attempt(() => friendsApi.block(person.handle), `${nameOf(person)} is blocked`),
            },
          ]}
        />
      </PageSection>
      <PageSection
        id="sharing"
        title="What you share"
        hint="Followers see which items you liked in the last 30 days. When you turn it off, the server deletes them at once."
      >
        <ul aria-labelledby="sharing" className="divide-y divide-line">
          {domains.map((domain) => (
            <ShareSwitch
              key={domain.id}
              domain={domain}
              likes={friends.sharing.find((one) => one.domain === domain.id)?.likes}
              onToggle={onToggle(domain)}
            />
          ))}
        </ul>
      </PageSection>
      {friends.blocked.length > 0 && (
        <PageSection id="blocked" title="Blocked" hint="They can neither follow you nor see what you share.">
          <PeopleList
            people={friends.blocked}
            headingId="blocked"
            empty=""
            actions={[
              {
                label: 'Unblock',
                run: (person) =>
                  attempt(() => friendsApi.unblock(person.handle), `${nameOf(person)} may follow you again`),
              },
            ]}
          />
        </PageSection>
      )}
    </>
  );
}
