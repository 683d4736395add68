import { isSuccess, type FailureOutcome, type Outcome } from '../contract/outcome';
import type { Operation, Provider } from '../contract/provider';
import { joinSentences } from '../contract/sentences';
import { isEmail } from '../fields/string';
import { nameOf, type Subject } from './subject';

interface MessageSubject extends Subject {
	provider: Pick<Provider, 'displayName' | 'resource'>;
	operation: Pick<Operation, 'effect'> & { recordedAs?: string };
	/** The target is what the customer was looked up by. */
	isLookup?: boolean;
}

export interface FailureFacts {
	attempts?: number;
	/** When the provider allows requests again, UTC ISO 8601. */
	retryAt?: string;
	httpStatus?: number;
	/** Why: sentences. */
	description?: string;
	/** What is said of the customer in place of the outcome's words. */
	clause?: string;
}

/** The parts of a message that follow the customer's name. */
interface Sentences {
	what: string;
	why?: string;
	advice?: string;
}

const participles = { cancel: 'cancelled', restore: 'resumed', read: 'read' };

const participleOf = ({ effect, recordedAs }: MessageSubject['operation']) =>
	recordedAs ?? participles[effect];

const sentences: Record<
	FailureOutcome,
	(subject: MessageSubject, facts: FailureFacts) => Sentences
> = {
	invalid: failed,
	failed,
	refused: ({ operation }, { attempts = 0, description }) => ({
		what: `not ${attempts > 0 ? participleOf(operation) : 'sent'}`,
		why: description ?? 'A check failed.',
	}),
	skipped: ({ operation }) => ({
		what: `not ${participleOf(operation)}, because the run was stopped between two tries`,
		advice: 'Run it again.',
	}),
	notFound: ({ provider: { displayName, resource }, target, isLookup }) => {
		const { value, target: kind = value } = resource;
		const isAddress = isEmail(target);
		const by = isAddress ? 'with this address' : isLookup ? 'of this customer' : 'with this ID';
		return {
			what: `${displayName} has no ${kind} ${by}`,
			advice: isAddress
				? 'Check the spelling, capitals included, and the account of the credential.'
				: 'Check the ID, and that the credential belongs to the right account.',
		};
	},
	notCancellable: ({ provider: { displayName } }, { description }) =>
		description
			? { what: `${displayName} did not allow it`, why: description }
			: {
					what: `${displayName} did not allow it in its present state`,
					advice: `Look it up in ${displayName}.`,
				},
	unauthorized: ({ provider: { displayName } }, { description }) => ({
		what: `${displayName} did not accept the credential`,
		why: description,
		advice: 'Check the key, its permissions and that your plan includes the API.',
	}),
	rateLimited: ({ provider: { displayName }, operation }, { attempts = 0, retryAt }) => {
		const tries = attempts === 0 ? '' : ` (${attempts} ${attempts === 1 ? 'try' : 'tries'})`;
		return {
			what: `not ${participleOf(operation)}, ${displayName} is limiting requests${tries}`,
			advice: retryAt
				? `Run it again after ${retryAt}.`
				: 'Run it again later, or lower Options > Requests per Minute.',
		};
	},
	unknown: ({ provider: { displayName }, operation }, { description }) => ({
		what: `it is unclear whether it was ${participleOf(operation)} in ${displayName}`,
		why: description,
		advice: `Check in ${displayName} before you run it again.`,
	}),
};

function failed(
	{ operation }: MessageSubject,
	{ description, httpStatus = 500 }: FailureFacts,
): Sentences {
	return {
		what: `not ${participleOf(operation)}`,
		why: description,
		advice: httpStatus >= 500 ? 'Run it again later.' : 'Correct that, then run it again.',
	};
}

/**
 * What happened to this target, why, and how to get on. It begins with the customer, so that it stands
 * alone in a chat.
 */
export function failureMessage(
	subject: MessageSubject,
	outcome: Outcome,
	facts: FailureFacts = {},
): string {
	const words = sentences[isSuccess(outcome) ? 'failed' : outcome](subject, facts);
	const { what, why, advice }: Sentences = facts.clause ? { what: facts.clause } : words;
	return joinSentences(`${nameOf(subject)}: ${what}`, why, advice);
}
