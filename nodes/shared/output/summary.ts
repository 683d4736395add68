import type { ParseContext } from '../contract/field';
import { isAccepted, isSuccess, outcomes, type Outcome } from '../contract/outcome';
import { findOperation, type Provider } from '../contract/provider';
import { isFuture } from '../contract/record';
import type { ItemResult } from '../model/result';
import { nameOf, shortNameOf } from '../model/subject';
import { onDate } from '../fields/dates';

/** The provider's part in the words of a result. */
export type Wording = Pick<Provider, 'displayName' | 'operations'>;

/** The words of an operation that changes a record and no billing. */
export function recordedAs({ operations }: Wording, { operation }: ItemResult): string | undefined {
	const declared = findOperation(operations, operation);
	return declared?.effect === 'read' ? undefined : declared?.recordedAs;
}

/** What a dry run predicts; undefined for a real run. */
export const predictedOutcome = ({ preview }: ItemResult): Outcome | undefined =>
	(preview?.wouldBe as { outcome: Outcome } | undefined)?.outcome;

/** What a dry run's preview says of money; undefined where it says nothing. */
const previewedMoney = ({ preview }: ItemResult): string | undefined =>
	(preview?.wouldBe as { money?: string } | undefined)?.money;

type Phrase = (at: string | null | undefined, context: ParseContext) => string;

/** What became of an item, as the end of a sentence about the customer; other outcomes have their label. */
const phrases: Partial<Record<Outcome, Phrase>> = {
	cancelled: (at, context) => (at ? `ended${onDate(at, context)}` : 'cancelled'),
	scheduled: (at, context) =>
		at ? `cancelled, ends${onDate(at, context)}` : 'cancelled, will end',
	alreadyCancelled: (at, context) => {
		if (isFuture(at ?? null)) return `was already cancelled, ends${onDate(at, context)}`;
		return at ? `had already ended${onDate(at, context)}` : 'was already cancelled';
	},
	nothingToCancel: () => 'not a referred customer, nothing to do',
	readyToConfirm: () => 'can be cancelled; not cancelled yet',
	presentation: () => 'the customer must see a step first; not cancelled yet',
	offer: () => 'has a retention offer; not cancelled yet',
	customerActionRequired: () => 'bought in an app store: only the customer can cancel it there',
	pendingProvider: () => 'accepted, not confirmed yet',
	restored: () => 'continues',
};

/** What a dry run predicts, where it is said in other words than what has happened. */
const predictions: Partial<Record<Outcome, Phrase>> = {
	scheduled: (at, context) => `would end${onDate(at, context)}`,
	cancelled: () => 'would end now',
	restored: () => 'would continue',
	pendingProvider: () => 'would be accepted, and end as soon as that is confirmed',
};

/** As `phrases`, for what only changes a record. */
const recordPhrases: Partial<
	Record<Outcome, (recorded: string, isDry: boolean, on: string) => string>
> = {
	cancelled: (recorded, isDry) => `${isDry ? 'would be ' : ''}${recorded}`,
	alreadyCancelled: (recorded, _, on) => `was already ${recorded}${on}`,
	restored: (recorded, isDry) => `${isDry ? 'would be' : 'is'} ${recorded}`,
};

/**
 * One sentence for a chat message or a CRM note; on what did not go through it says what to do.
 */
export function summarize(result: ItemResult, wording: Wording, context: ParseContext): string {
	const { message = '' } = result;
	if (!isSuccess(result.outcome)) {
		return message.includes(shortNameOf(result)) ? message : `${nameOf(result)}: ${message}`;
	}
	const name = result.email ?? nameOf(result);
	const predicted = predictedOutcome(result);
	const isDry = predicted !== undefined;
	const outcome = describe(result, predicted ?? result.outcome, wording, context);
	const end = [outcome, previewedMoney(result)].filter(Boolean).join('; ');
	const source = [wording.displayName, ...(isDry ? ['dry run'] : [])].join(', ');
	return `${name}: ${end} (${source})`;
}

/** The end of the sentence about the customer. */
function describe(
	result: ItemResult,
	outcome: Outcome,
	wording: Wording,
	context: ParseContext,
): string {
	const { effectiveAt, clause, planContinues } = result;
	const isDry = predictedOutcome(result) !== undefined;
	if (clause) return clause;
	if (planContinues) return continuing(outcome, isDry);
	const recorded = recordedAs(wording, result);
	const recordPhrase = recorded && recordPhrases[outcome];
	if (recordPhrase) return recordPhrase(recorded, isDry, onDate(effectiveAt, context));
	const phrase = (isDry && predictions[outcome]) || phrases[outcome];
	return phrase?.(effectiveAt, context) ?? outcomes[outcome].label;
}

/** Of a target that continues although a part of it ends. */
function continuing(outcome: Outcome, isDry: boolean): string {
	const end = isAccepted(outcome)
		? isDry
			? 'a part would end'
			: 'carried out'
		: isDry
			? 'a part has already ended'
			: 'carried out before';
	return `${end}; the plan itself continues`;
}
