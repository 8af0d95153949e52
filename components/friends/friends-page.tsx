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
import { Part } from './page-section';
import { nameOf, People } from './people-list';
import { renewSharing } from './renew-sharing';
import { ShareSwitch } from './share-switch';
import { sharedDomains } from './shared-domains';
import { type Act, useFriends } from './use-friends';

type KnownDomain = Pick<DomainInfo, 'id' | 'label' | 'item'>;

/** The page `/friends`: who follows whom, and what one shares. */
export function FriendsPage({ domains }: { domains: readonly KnownDomain[] }) {
  const { state, act, reload } = useFriends();
  return (
    <>
      <SiteHeader domains={domains.map(({ id, label }) => ({ id, label }))} />
      <main id="main" tabIndex={-1} className="page max-w-5xl! pt-10 outline-none sm:pt-16">
        <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">Friends</h1>
        <p className="mt-4 mb-10 max-w-2xl text-lg text-pretty">
          Follow people you know, by a code they give you. What they liked lately, and share, has a say in your list.
          What you share has one in theirs.
        </p>
        <div className="min-h-[60dvh]">
          {state.phase === 'asking' && (
            <p role="status" className="text-quiet">
              Asking the server
            </p>
          )}
          {state.phase === 'stranger' && <Agreement />}
          {state.phase === 'failed' && (
            <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
              <p className="font-semibold">Your friends could not be asked for.</p>
              <p className="mt-1 text-quiet text-sm">{state.error.message}</p>
              <Button className="mt-3" onClick={reload}>
                <RotateCcw size={16} aria-hidden="true" />
                Try again
              </Button>
            </div>
          )}
          {state.phase === 'known' && <Parts friends={state.friends} domains={domains} act={act} />}
        </div>
      </main>
    </>
  );
}

function Parts({ friends, domains, act }: { friends: Friends; domains: readonly KnownDomain[]; act: Act }) {
  const attempt = async (action: () => Promise<Friends>, done: string) => {
    try {
      await act(action);
      toast(done);
    } catch (error) {
      toast(`That did not work. ${asInkpickError(error).message}`);
    }
  };

  // Likes of the last visit may not have gone out, and some may have grown too old.
  useEffect(() => {
    for (const id of sharedDomains())
      void tasteStore(id)
        .settled()
        .then(() => renewSharing(id));
  }, []);

  const labels = new Map(domains.map(({ id, item }) => [id, item.many]));
  const onFollow = async (code: string) => {
    const { followed, following } = await act(() => friendsApi.follow(code));
    const person = following.find(({ handle }) => handle === followed);
    toast(person ? `You follow ${nameOf(person)}` : 'You follow them now');
    return '';
  };
  const onTurn = ({ id, item }: KnownDomain) => {
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
      <OwnCode friends={friends} act={act} attempt={attempt} />
      <Part id="following" title="You follow">
        <LineForm
          label="Somebody’s code"
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
          <People
            people={friends.following}
            headingId="following"
            empty="Nobody yet. Ask a friend for their code."
            note={({ shares }) => {
              const named = shares.flatMap((id) => labels.get(id) ?? []);
              return named.length > 0 ? `Shares ${listOf(named)}` : 'Shares nothing at the moment';
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
      </Part>
      <Part
        id="followers"
        title="Your followers"
        hint="Whoever you remove may come back with your code. Whoever you block may not, and is not told."
      >
        <People
          people={friends.followers}
          headingId="followers"
          empty="Nobody yet. Give your code to those who may."
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
      </Part>
      <Part
        id="sharing"
        title="What you share"
        hint="Followers learn which items you liked in the last 30 days. Turn it off, and it is gone from the server at once."
      >
        <ul aria-labelledby="sharing" className="divide-y divide-line">
          {domains.map((domain) => (
            <ShareSwitch
              key={domain.id}
              domain={domain}
              likes={friends.sharing.find((one) => one.domain === domain.id)?.likes}
              onTurn={onTurn(domain)}
            />
          ))}
        </ul>
      </Part>
      {friends.blocked.length > 0 && (
        <Part id="blocked" title="Blocked" hint="They can neither follow you nor see anything of you.">
          <People
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
        </Part>
      )}
    </>
  );
}
