import type { Draft, FieldError, Message } from './types';

export const staleReply = 'urn:deskbell:problem:stale-reply';
export const staleVersion = 'urn:deskbell:problem:stale-version';
export const codeNeeded = 'urn:deskbell:problem:code-needed';
export const codeWrong = 'urn:deskbell:problem:code-wrong';
export const secondStepMissing = 'urn:deskbell:problem:second-step-missing';
export const repeatRunning = 'urn:deskbell:problem:repeat-running';

interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  request_id?: string;
  errors?: FieldError[];
  newer?: Message[];
  draft?: Partial<Draft>;
}

/** A refusal of the server (RFC 9457), or status 0 when it could not be reached. */
export class ApiProblem extends Error {
  readonly type: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly requestId: string;

  constructor(
    readonly status: number,
    readonly body: ProblemBody & Record<string, unknown> = {},
    readonly retryAfter = 0,
  ) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.type = body.type ?? 'about:blank';
    this.detail = body.detail ?? body.title ?? '';
    this.errors = body.errors ?? [];
    this.requestId = body.request_id ?? '';
  }

  /** The server was not reached; the request may or may not have arrived. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** The same request may well succeed in a moment: nobody answered, or the server says that it cannot work just now. */
  get passing(): boolean {
    return this.offline || (this.status >= 502 && this.status <= 504);
  }

  /** The sentence for one field of a form; the location is as the server writes it, such as body.name. */
  fieldError(name: string): string | undefined {
    return this.errors.find(({ location }) => location === name || location.endsWith(`.${name}`))?.message;
  }
}

export function isProblem(error: unknown, type?: string): error is ApiProblem {
  return error instanceof ApiProblem && (type === undefined || error.type === type);
}
