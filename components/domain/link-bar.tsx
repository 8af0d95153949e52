'use client';

import type { PageState } from '../link/use-page-state';
import { isPick } from '../picks/picks';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { toast } from '../ui/toasts';

/** Says that the list shown is a link's, and lets the visitor adopt or dismiss it. */
export function LinkBar({ page }: { page: PageState }) {
  const picks = page.choices.filter(isPick);
  const { interests } = page;
  const parts = [
    picks.length > 0 && `${count(picks.length)} ${picks.length === 1 ? 'pick' : 'picks'}`,
    interests.length > 0 && `${count(interests.length)} ${interests.length === 1 ? 'interest' : 'interests'}`,
  ].filter(Boolean);

  return (
    <section
      aria-label="A link's picks"
      className="link-bar sticky bottom-0 z-20 mt-10 border-ink border-t-2 bg-sheet shadow-[0_-8px_30px_-18px_rgb(0_0_0/0.4)]"
    >
      <div className="page flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
        <p className="text-sm">
          <span className="font-semibold">This list is from a link with {parts.join(' and ')}.</span>{' '}
          <span className="text-quiet max-sm:hidden">Yours are unchanged.</span>
        </p>
        <div className="flex gap-2">
          <Button
            look="solid"
            disabled={!page.resolved}
            onClick={() => {
              const undo = page.adopt();
              toast('The link’s picks are added to yours', { label: 'Undo', run: undo });
            }}
          >
            Make them mine
          </Button>
          <Button onClick={page.dismiss}>Back to my picks</Button>
        </div>
      </div>
    </section>
  );
}
