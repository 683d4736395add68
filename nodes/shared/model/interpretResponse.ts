import { errorText, isWebPage, type ApiResponse } from '../contract/http';
import { isSuccess } from '../contract/outcome';
import type { Provider } from '../contract/provider';
import type { Verdict } from '../contract/verdict';
import { isResponse, type CallResult } from '../http/response';

/** The provider's own reading; undefined where the default mapping decides. */
type ProviderInterpreter = (response: ApiResponse) => Verdict | undefined;
type ErrorForm = Pick<Provider, 'isOwnError' | 'forbidsSingleRecords'>;

const isSuccessStatus = ({ status }: ApiResponse) => status >= 200 && status < 300;

/** Statuses that say of the request itself that it was not carried out; others of 4xx are unclear. */
const clearRefusals: Record<number, Verdict> = {
	400: { outcome: 'failed', verify: true },
	401: { outcome: 'unauthorized' },
	403: { outcome: 'unauthorized' },
	404: { outcome: 'notFound', verify: true },
	409: { outcome: 'notCancellable', verify: true },
	410: { outcome: 'notFound', verify: true },
	422: { outcome: 'notCancellable', verify: true },
	429: { outcome: 'rateLimited' },
};

/** What a response that is no success means where the provider does not say otherwise (RFC 9110's classes). */
function defaultErrorMapping(response: ApiResponse, isOwn: boolean): Verdict {
	const { status, headers } = response;
	const description = errorText(response);
	if (status >= 300 && status < 400) {
		const to = headers.location ?? 'another address';
		return {
			outcome: 'unknown',
			description: `The response was a redirect to ${to}.`,
			verify: true,
		};
	}
	if (status === 401 || status === 403) {
		return isWebPage(response)
			? { outcome: 'failed', description }
			: { ...clearRefusals[status], description };
	}
	if (status === 429 || isOwn) {
		const refusal: Verdict = clearRefusals[status] ?? { outcome: 'unknown', verify: true };
		return { ...refusal, description };
	}
	return { outcome: 'unknown', description, verify: true };
}

/**
 * What the response to a write means: the provider's own reading first, then the default mapping. Only
 * an error in the API's own form is read by the provider; a gateway's leaves doubt. A 2xx that the
 * provider does not know as a success is not believed without the record.
 */
export function interpretWrite(
	result: CallResult,
	provider: ErrorForm,
	own: ProviderInterpreter,
): Verdict {
	if (!isResponse(result)) return interpretNoResponse(result, 'unknown');
	if (isSuccessStatus(result)) return interpretSuccess(result, own);
	const isOwn = provider.isOwnError(result);
	const verdict = (isOwn ? own(result) : undefined) ?? defaultErrorMapping(result, isOwn);
	const isUnclear = result.status === 403 && verdict.outcome === 'unauthorized';
	return isUnclear && provider.forbidsSingleRecords ? { ...verdict, verify: true } : verdict;
}

function interpretSuccess(response: ApiResponse, own: ProviderInterpreter): Verdict {
	const verdict = own(response);
	if (!verdict) {
		const description = `The response is not the record (${errorText(response)}).`;
		return { outcome: 'unknown', description, verify: true };
	}
	return isSuccess(verdict.outcome) ? verdict : { ...verdict, verify: true };
}

/** A response to a read that can be used, or what speaks against it. */
export type ReadInterpretation =
	{ kind: 'usable'; response: ApiResponse } | { kind: 'failed'; verdict: Verdict };

/** What the response to a read means; a read leaves no doubt. */
export function interpretRead(
	result: CallResult,
	provider: ErrorForm,
	own: ProviderInterpreter = () => undefined,
): ReadInterpretation {
	if (!isResponse(result)) {
		return { kind: 'failed', verdict: interpretNoResponse(result, 'failed') };
	}
	const verdict = own(result) ?? notARecord(result, provider);
	return verdict
		? { kind: 'failed', verdict: withoutDoubt(verdict) }
		: { kind: 'usable', response: result };
}

/** What the response to a request means that asks whether something can be done, and changes nothing. */
export function interpretPreview(
	result: CallResult,
	provider: ErrorForm,
	own: ProviderInterpreter,
): Verdict {
	const read = interpretRead(result, provider, own);
	return read.kind === 'failed' ? read.verdict : { outcome: 'readyToConfirm' };
}

function notARecord(response: ApiResponse, provider: ErrorForm): Verdict | undefined {
	if (!isSuccessStatus(response)) {
		return defaultErrorMapping(response, provider.isOwnError(response));
	}
	return typeof response.body === 'object' && response.body !== null
		? undefined
		: { outcome: 'failed', description: 'The response is not a JSON record.' };
}

/** Nothing was changed, unless the provider itself says that it may have been (without `verify`). */
const withoutDoubt = (verdict: Verdict): Verdict =>
	verdict.outcome === 'unknown' && verdict.verify ? { ...verdict, outcome: 'failed' } : verdict;

function interpretNoResponse(
	result: Exclude<CallResult, ApiResponse>,
	doubt: 'unknown' | 'failed',
): Verdict {
	const { delivered, reason, retryAt } = result;
	if (retryAt) return { outcome: 'rateLimited', description: `It was not sent: ${reason}.` };
	if (delivered === 'no') return { outcome: 'failed', description: `It was not sent: ${reason}.` };
	const verify = doubt === 'unknown';
	return { outcome: doubt, description: `There was no response: ${reason}.`, verify };
}
