import type { ComponentProps } from 'react';

const LOOKS = {
  solid: 'bg-ink text-paper hover:bg-accent hover:text-on-accent px-4 min-h-10 text-sm font-semibold',
  outline: 'border border-ink/30 hover:border-ink px-4 min-h-10 text-sm font-semibold',
  quiet: 'text-quiet hover:text-ink hover:bg-wash px-2.5 min-h-9 text-sm font-medium',
  icon: 'text-quiet hover:text-ink hover:bg-wash size-9',
} as const;

export type ButtonLook = keyof typeof LOOKS;

/** Classes of a button, also for links that look like buttons. */
export function buttonClass(look: ButtonLook, className = ''): string {
  return `inline-flex shrink-0 items-center justify-center gap-1.5 rounded-full transition-colors disabled:opacity-40 disabled:pointer-events-none ${LOOKS[look]} ${className}`;
}

export function Button({ look = 'outline', className, ...props }: ComponentProps<'button'> & { look?: ButtonLook }) {
  return <button type="button" className={buttonClass(look, className)} {...props} />;
}
