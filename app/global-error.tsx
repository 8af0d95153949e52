'use client';

import ErrorPage from './error';
import './globals.css';

/** Stands in for the whole document when the root layout itself fails. */
export default function GlobalErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en-GB">
      <body>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
