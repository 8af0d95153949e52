import 'server-only';
import { ERROR_STATUS, type ErrorCode, InkpickError } from '../../contracts/errors';

/** What went out for an error: the status, and the body that clients see. */
export interface ErrorAnswer {
  status: number;
  body: { error: { code: ErrorCode; message: string; field?: string } & Record<string, unknown> };
}

const OUR_FAULT = 'Something went wrong on this server. It has been noted; please try again later.';
const NOT_READABLE = 'This catalog cannot be read on this server at the moment. Please try again later.';

/**
 * Any thrown value as an answer. What a caller did wrong is said in full; what is wrong with the server is
 * said only in general, as messages from within may hold paths or parts of a request.
 */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (!(error instanceof InkpickError)) {
    return { status: 500, body: { error: { code: 'INTERNAL', message: OUR_FAULT } } };
  }
  const { code, field, details } = error;
  const status = ERROR_STATUS[code];
  if (code.startsWith('ARTIFACT_')) return { status, body: { error: { code, message: NOT_READABLE } } };
  if (status === 500) return { status, body: { error: { code, message: OUR_FAULT } } };
  return { status, body: { error: { code, message: error.message, ...(field && { field }), ...details } } };
}
