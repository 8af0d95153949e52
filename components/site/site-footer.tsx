import Link from 'next/link';

export function SiteFooter() {
  return (
    <footer className="mt-20 border-line border-t">
      <div className="page flex flex-wrap justify-between gap-x-8 gap-y-3 py-8 text-quiet text-sm">
        <ul className="flex flex-wrap gap-x-6 gap-y-2 [&_a]:underline [&_a]:underline-offset-2 [&_a:hover]:text-ink">
          <li>
            <Link href="/about#credits">Where the data comes from</Link>
          </li>
          <li>
            <Link href="/your-data" prefetch={false}>
              Your data
            </Link>
          </li>
          <li>
            <Link href="/friends" prefetch={false}>
              Friends
            </Link>
          </li>
        </ul>
        <p>Your picks stay on this device unless you share them.</p>
      </div>
    </footer>
  );
}
