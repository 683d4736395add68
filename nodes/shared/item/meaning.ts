import { words, type Reply } from '../contract/call';
import type { Verdict } from '../contract/verdict';
import { isReply, type Answer } from '../wire/silence';

/** The provider's own reading; undefined where the default table decides. */
type Own = (reply: Reply) => Verdict | undefined;

/** What a reply that is no success means where the provider does not say otherwise (RFC 9110's classes). */
function refusalIn(reply: Reply): Verdict {
	const { status } = reply;
	const description = words(reply);
	if (status === 401 || status === 403) return { outcome: 'unauthorized', description };
	if (status === 404) return { outcome: 'notFound', description, ask: true };
	if (status === 409 || status === 422)
		return { outcome: 'notCancellable', description, ask: true };
	if (status === 429) return { outcome: 'rateLimited', description };
	if (status >= 500) return { outcome: 'unknown', description, ask: true };
	if (status >= 300 && status < 400) {
		const to = reply.headers.location ?? 'another address';
		return { outcome: 'failed', description: `It answered with a redirect to ${to}.` };
	}
	return { outcome: 'failed', description, ask: status === 400 };
}

const isAccepted = ({ status }: Reply) => status >= 200 && status < 300;

/**
 * What the answer to a write means: the provider's own reading first, then the default table. A 2xx
 * that the provider's reading does not know is no success: the record is asked.
 */
export function meaningOf(answer: Answer, own: Own): Verdict {
	if (!isReply(answer)) return silent(answer, 'unknown');
	const known = own(answer);
	if (known) return known;
	if (!isAccepted(answer)) return refusalIn(answer);
	const description = `The answer is no record of it (${words(answer)}).`;
	return { outcome: 'unknown', description, ask: true };
}

/** A read is sound, or there is something against it; no clear answer leaves no doubt. */
export function meaningOfRead(
	answer: Answer,
	own: Own = () => undefined,
): { sound: Reply } | { against: Verdict } {
	if (!isReply(answer)) return { against: silent(answer, 'failed') };
	const against = own(answer) ?? noRecordIn(answer);
	return against ? { against: undoubted(against) } : { sound: answer };
}

/** What the answer to a call means that asks whether something can be done, and changes nothing. */
export function meaningOfAsking(answer: Answer, own: Own): Verdict {
	const read = meaningOfRead(answer, own);
	return 'against' in read ? read.against : { outcome: 'readyToConfirm' };
}

function noRecordIn(reply: Reply): Verdict | undefined {
	if (!isAccepted(reply)) return refusalIn(reply);
	return typeof reply.body === 'object' && reply.body !== null
		? undefined
		: { outcome: 'failed', description: 'The answer was no JSON record.' };
}

/** Nothing was changed, unless the provider's own reading says that it may have been (without `ask`). */
const undoubted = (said: Verdict): Verdict =>
	said.outcome === 'unknown' && said.ask ? { ...said, outcome: 'failed' } : said;

function silent(answer: Exclude<Answer, Reply>, doubt: 'unknown' | 'failed'): Verdict {
	const { sent, reason, comeBackAt } = answer;
	if (comeBackAt) return { outcome: 'rateLimited', description: `It was not sent: ${reason}.` };
	if (sent === 'no') return { outcome: 'failed', description: `It was not sent: ${reason}.` };
	return { outcome: doubt, description: `It gave no answer: ${reason}.`, ask: doubt === 'unknown' };
}
