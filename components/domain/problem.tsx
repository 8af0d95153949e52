import { RotateCcw } from 'lucide-react';
import type { InkpickError } from '../../lib/contracts/errors';
import { Button } from '../ui/button';

/** An error with its code, and a button to try again. */
export function Problem({ title, error, onRetry }: { title: string; error: InkpickError; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="mb-6 flex flex-wrap items-center justify-between gap-4 border-accent border-l-4 bg-sheet px-5 py-4"
    >
      <div className="min-w-0 max-w-2xl">
        <p className="font-semibold">{title}</p>
        <p className="mt-1 break-words text-quiet text-sm">
          {error.message} <span className="whitespace-nowrap">({error.code})</span>
        </p>
      </div>
      <Button look="solid" onClick={onRetry}>
        <RotateCcw size={16} aria-hidden="true" />
        Try again
      </Button>
    </div>
  );
}
