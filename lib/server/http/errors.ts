import 'server-only';
import { ERROR_STATUS, type ErrorCode, InkpickError } from '../../contracts/errors';

/** Status and body of an error response. */
export interface ErrorResponse {
  status: number;
  body: { error: { code: ErrorCode; message: string; field?: string } & Record<string, unknown> };
}

const INTERNAL_ERROR = 'Something went wrong on this server. It has been logged; please try again later.';
const UNREADABLE_CATALOG = 'This catalog cannot be read on this server at the moment. Please try again later.';

/**
 * Turns any thrown value into a response. A caller's mistake is described in full. An internal error gets a general
 * message, since its own may contain paths or parts of a request.
 */
export function toErrorResponse(error: unknown): ErrorResponse {
  if (!(error instanceof InkpickError)) {
    return { status: 500, body: { error: { code: 'INTERNAL', message: INTERNAL_ERROR } } };
  }
  const { code, field, details } = error;
  const status = ERROR_STATUS[code];
  if (code.startsWith('ARTIFACT_')) return { status, body: { error: { code, message: UNREADABLE_CATALOG } } };
  if (status === 500) return { status, body: { error: { code, message: INTERNAL_ERROR } } };
  return { status, body: { error: { code, message: error.message, ...(field && { field }), ...details } } };
}
