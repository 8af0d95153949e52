/** The logo: a plectrum and a drop of ink in one shape. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <path
        fill="currentColor"
        d="M12 1.2c1.3 0 2 .9 2.8 2.2 2.6 4.2 6.4 7.4 6.4 12A7.2 7.2 0 0 1 12 22.2a7.2 7.2 0 0 1-9.2-6.8c0-4.6 3.8-7.8 6.4-12C10 2.1 10.7 1.2 12 1.2z"
      />
      <circle cx="12" cy="14.2" r="3.1" fill="var(--paper)" />
    </svg>
  );
}
