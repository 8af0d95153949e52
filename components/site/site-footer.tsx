import Link from 'next/link';

export function SiteFooter() {
  return (
    <footer className="mt-20 border-line border-t">
      <div className="page flex flex-wrap justify-between gap-x-8 gap-y-3 py-8 text-quiet text-sm">
        <p>
          <Link href="/about#credits" className="underline underline-offset-2 hover:text-ink">
            Where the data comes from
          </Link>
        </p>
        <p>Your picks stay on this device.</p>
      </div>
    </footer>
  );
}
