'use client';

import { Link2 } from 'lucide-react';
import { readConsent } from '../consent/consent';
import { Button } from '../ui/button';
import { toast } from '../ui/toasts';

/** Copies the page's address, which carries its state. `left` says what is too much for an address. */
export function ShareButton({ left, onShare }: { left: string | null; onShare: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      // Who agreed to tell the server what they do tells it of this too, if not by the address.
      const said = readConsent() === 'yes' ? '.' : '; nothing of it reaches a server.';
      toast(left ?? `Link copied. It opens this very list${said}`);
      onShare();
    } catch {
      toast('Copying is blocked here. The address bar holds the link: it carries this very list.');
    }
  };
  return (
    <Button look="quiet" onClick={copy} aria-label="Copy link to this list">
      <Link2 size={17} aria-hidden="true" />
      <span className="max-sm:sr-only">Copy link</span>
    </Button>
  );
}
