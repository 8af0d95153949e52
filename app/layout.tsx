import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { ServiceWorker } from '@/components/site/service-worker';
import { SiteFooter } from '@/components/site/site-footer';
import { Toasts } from '@/components/ui/toasts';
import { describeSite } from './description';
import { fontVariables } from './fonts';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  return {
    title: { default: 'Inkpick', template: '%s · Inkpick' },
    description: `${await describeSite()} Your list stays on your device.`,
    applicationName: 'Inkpick',
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f7f2' },
    { media: '(prefers-color-scheme: dark)', color: '#10121f' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme script sets an attribute before React hydrates.
    <html lang="en-GB" className={fontVariables} suppressHydrationWarning>
      <head>
        {/* Not deferred: it must run before the first paint, or a dark page flashes white. */}
        <script src="/theme.js" />
      </head>
      <body className="flex min-h-dvh flex-col">
        <noscript>
          <p className="bg-ink px-4 py-2 text-center text-paper text-sm">
            Inkpick needs JavaScript to recommend. Without it, this page shows popular items.
          </p>
        </noscript>
        <div className="flex-1">{children}</div>
        <SiteFooter />
        <Toasts />
        <ServiceWorker />
      </body>
    </html>
  );
}
