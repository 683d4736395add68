import { errorText, type ApiResponse } from '../contract/http';
import type { Verdict } from '../contract/verdict';
import { isResponse, type CallResult } from '../http/response';

/** The provider's own reading; undefined where the default table decides. */
type ProviderInterpreter = (reply: ApiResponse) => Verdict | undefined;

/** What a reply that is no success means where the provider does not say otherwise (RFC 9110's classes). */
function defaultErrorMapping(reply: ApiResponse): Verdict {
	const { status } = reply;
	const description = errorText(reply);
	if (status === 401 || status === 403) return { outcome: 'unauthorized', description };
	if (status === 404) return { outcome: 'notFound', description, verify: true };
	if (status === 409 || status === 422)
		return { outcome: 'notCancellable', description, verify: true };
	if (status === 429) return { outcome: 'rateLimited', description };
	if (status >= 500) return { outcome: 'unknown', description, verify: true };
	if (status >= 300 && status < 400) {
		const to = reply.headers.location ?? 'another address';
		return { outcome: 'failed', description: `It answered with a redirect to ${to}.` };
	}
	return { outcome: 'failed', description, verify: status === 400 };
}

const isAccepted = ({ status }: ApiResponse) => status >= 200 && status < 300;

/**
 * What the answer to a write means: the provider's own reading first, then the default table. A 2xx
 * that the provider's reading does not know is no success: the record is asked.
 */
export function interpretWrite(answer: CallResult, own: ProviderInterpreter): Verdict {
	if (!isResponse(answer)) return interpretNoResponse(answer, 'unknown');
	const known = own(answer);
	if (known) return known;
	if (!isAccepted(answer)) return defaultErrorMapping(answer);
	const description = `The answer is no record of it (${errorText(answer)}).`;
	return { outcome: 'unknown', description, verify: true };
}

/** A read is sound, or there is something against it; no clear answer leaves no doubt. */
export function interpretRead(
	answer: CallResult,
	own: ProviderInterpreter = () => undefined,
): { sound: ApiResponse } | { against: Verdict } {
	if (!isResponse(answer)) return { against: interpretNoResponse(answer, 'failed') };
	const against = own(answer) ?? notARecord(answer);
	return against ? { against: withoutDoubt(against) } : { sound: answer };
}

/** What the answer to a call means that asks whether something can be done, and changes nothing. */
export function interpretPreview(answer: CallResult, own: ProviderInterpreter): Verdict {
	const read = interpretRead(answer, own);
	return 'against' in read ? read.against : { outcome: 'readyToConfirm' };
}

function notARecord(reply: ApiResponse): Verdict | undefined {
	if (!isAccepted(reply)) return defaultErrorMapping(reply);
	return typeof reply.body === 'object' && reply.body !== null
		? undefined
		: { outcome: 'failed', description: 'The answer was no JSON record.' };
}

/** Nothing was changed, unless the provider's own reading says that it may have been (without `ask`). */
const withoutDoubt = (said: Verdict): Verdict =>
	said.outcome === 'unknown' && said.verify ? { ...said, outcome: 'failed' } : said;

function interpretNoResponse(
	answer: Exclude<CallResult, ApiResponse>,
	doubt: 'unknown' | 'failed',
): Verdict {
	const { delivered, reason, retryAt } = answer;
	if (retryAt) return { outcome: 'rateLimited', description: `It was not sent: ${reason}.` };
	if (delivered === 'no') return { outcome: 'failed', description: `It was not sent: ${reason}.` };
	return {
		outcome: doubt,
		description: `It gave no answer: ${reason}.`,
		verify: doubt === 'unknown',
	};
}
