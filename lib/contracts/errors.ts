/**
 * The error codes that cross a boundary (worker, HTTP, command line), and the one error class that
 * carries them. A code decides what a person may see and which HTTP status goes with it.
 */
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

/** An error whose message may be shown to whoever caused it. */
export class InkpickError extends Error {
  readonly code: ErrorCode;
  /** The request field at fault, if one is. */
  readonly field?: string;
  /** Further facts for the caller, for example the nearest titles. Must survive `structuredClone`. */
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

/** The form in which an error crosses the worker boundary. */
export interface SerializedError {
  code: ErrorCode;
  name: string;
  message: string;
  field?: string;
  details?: Record<string, unknown>;
}

/** Any thrown value as a plain object; an unknown error becomes `INTERNAL` with its message. */
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
