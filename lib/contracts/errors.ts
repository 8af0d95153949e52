import type { z } from 'zod';

/** HTTP status by error code. Every error that crosses a boundary (worker, HTTP, CLI) has one of these codes. */
export const ERROR_STATUS = {
  INVALID_REQUEST: 400,
  DOMAIN_NOT_FOUND: 404,
  ITEM_NOT_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  CONSENT_REQUIRED: 403,
  FORBIDDEN: 403,
  UNAUTHORISED: 401,
  CONFLICT: 409,
  ABORTED: 499,
  INTERNAL: 500,
  WORKER_CRASHED: 500,
  STORE_UNAVAILABLE: 503,
  ARTIFACT_MISSING: 503,
  ARTIFACT_UNREACHABLE: 503,
  ARTIFACT_EMPTY: 500,
  ARTIFACT_TRUNCATED: 500,
  ARTIFACT_FOREIGN: 500,
  ARTIFACT_FUTURE: 500,
  ARTIFACT_ALTERED: 500,
  ARTIFACT_MALFORMED: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** An error with a code of {@link ERROR_STATUS} and a message that may be shown to the user. */
export class InkpickError extends Error {
  readonly code: ErrorCode;
  /** The request field at fault, if any. */
  readonly field?: string;
  /** More data for the caller, such as the nearest titles. Must survive `structuredClone`. */
  readonly details?: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { field?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = 'InkpickError';
    this.code = code;
    this.field = extra.field;
    this.details = extra.details;
  }
}

/** An error as plain data, to cross the worker boundary. */
export interface SerializedError {
  code: ErrorCode;
  name: string;
  message: string;
  field?: string;
  details?: Record<string, unknown>;
}

/** Converts any thrown value to plain data; errors other than `InkpickError` become `INTERNAL` with their message. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof InkpickError) {
    const { code, name, message, field, details } = error;
    return { code, name, message, field, details };
  }
  if (error instanceof Error) return { code: 'INTERNAL', name: error.name, message: error.message };
  return { code: 'INTERNAL', name: 'Error', message: String(error) };
}

/** The inverse of {@link serializeError}. */
export function deserializeError(error: SerializedError): InkpickError {
  return new InkpickError(error.code, error.message, { field: error.field, details: error.details });
}

/** The first fault that a validation found, after its place: `tags.genres.0: must be text`. */
export function firstFault({ issues: [{ path, message }] }: Pick<z.ZodError, 'issues'>): string {
  return `${path.join('.') || 'the whole'}: ${message}`;
}
