'use client';

import { Link2 } from 'lucide-react';
import { readConsent } from '../consent/consent';
import { Button } from '../ui/button';
import { toast } from '../ui/toasts';

/**
 * Copies the page's address, which contains its state.
 *
 * @param left message about state that does not fit into the address; null if all of it does
 */
export function ShareButton({ left, onShare }: { left: string | null; onShare: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      // With consent, the event of sharing is sent to the server; without it nothing is.
      const privacy = readConsent() === 'yes' ? '' : ' Your list is not sent to a server.';
      toast(left ?? `Link copied. It opens this list.${privacy}`);
      onShare();
    } catch {
      toast('Copying is blocked here. Copy the link from the address bar.');
    }
  };
  return (
    <Button look="quiet" onClick={copy} aria-label="Copy link to this list">
      <Link2 size={17} aria-hidden="true" />
      <span className="max-sm:sr-only">Copy link</span>
    </Button>
  );
}
