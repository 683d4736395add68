import type { ParseContext } from '../contract/field';
import { outcomes, type Outcome } from '../contract/outcome';
import { nothingSent } from '../contract/refusal';
import { isFuture } from '../contract/record';
import { isFailure, type ItemResult, type OverLimit } from '../model/result';
import { shortNameOf } from '../model/subject';
import { shortDates } from '../fields/dates';
import { predictedOutcome, recordedAs, type Wording } from './summary';

/** Failed items that a hint names; above it counts them by outcome. */
const maxNamedInHint = 3;

/**
 * What a run leaves on the node: "38 cancelled (end 3 Dec), 2 already cancelled, 1 not found"; of a
 * dry run what would happen. Undefined for a single item that was carried out, which says it itself.
 * @param previewed the limit that a live run of a dry run would go over
 */
export function runHint(
	all: ItemResult[],
	wording: Wording,
	context: ParseContext,
	previewed?: OverLimit,
): string | undefined {
	const isDryRun = all.some((result) => predictedOutcome(result) !== undefined);
	if (all.length === 0) return undefined;
	if (all.length === 1 && (isFailure(all[0]) || !isDryRun)) return hintOfOne(all[0]);

	const results = all.filter(({ duplicateOf }) => duplicateOf === undefined);
	const over = results.find(({ overLimit }) => overLimit)?.overLimit;
	const counts = countsOf(all, results, { wording, context });
	const isUnsent = isDryRun && results.every(isUntouched);
	return [
		over && `Nothing was sent: ${over.count} to carry out, the limit is ${over.limit}.`,
		isUnsent && nothingSent,
		counts && (previewed ? `${counts}.` : counts),
		previewed &&
			`A live run would be refused: ${previewed.count} to carry out, the limit is ${previewed.limit}.`,
	]
		.filter(Boolean)
		.join(' ');
}

const hintOfOne = (result: ItemResult) =>
	isFailure(result) ? `1 ${labelOf(result)}: ${result.message}` : undefined;

/** @param results without repeated ones */
function countsOf(
	all: ItemResult[],
	results: ItemResult[],
	{ wording, context }: { wording: Wording; context: ParseContext },
): string {
	const repeated = all.length - results.length;
	return [
		...countSuccesses(results, wording, context),
		...countFailures(results.filter((result) => isFailure(result) && !result.overLimit)),
		...(repeated > 0 ? [`${repeated} repeated`] : []),
	].join(', ');
}

const isUntouched = ({ attempts, sentEarlier }: ItemResult) => attempts === 0 && !sentEarlier;

const order = Object.keys(outcomes) as Outcome[];

/** Successes of one outcome in the order of `outcomes`, those whose plan continues apart. */
function countSuccesses(results: ItemResult[], wording: Wording, context: ParseContext): string[] {
	const successes = results.filter((result) => !isFailure(result));
	return [true, false].flatMap((isDry) =>
		order.flatMap((outcome) => {
			const those = successes.filter(
				(result) =>
					(predictedOutcome(result) ?? result.outcome) === outcome &&
					(predictedOutcome(result) !== undefined) === isDry,
			);
			const [continuing, others] = [true, false].map((continues) =>
				those.filter(({ planContinues = false }) => planContinues === continues),
			);
			return [
				...(others.length > 0 ? [countOf(outcome, others, { isDry, wording, context })] : []),
				...(continuing.length > 0
					? [
							`${continuing.length} ${isDry ? 'in part' : 'carried out'} (the plan itself continues)`,
						]
					: []),
			];
		}),
	);
}

interface CountContext {
	isDry: boolean;
	wording: Wording;
	context: ParseContext;
}

type Count = (parts: {
	recorded?: string;
	isDry: boolean;
	dates: string;
	ends: string[];
}) => string;

const inBrackets = (text: string) => (text ? ` (${text})` : '');

const counts: Partial<Record<Outcome, Count>> = {
	cancelled: ({ recorded, isDry }) =>
		recorded ? `${isDry ? 'would be ' : ''}${recorded}` : isDry ? 'would end now' : 'ended now',
	scheduled: ({ isDry, dates }) =>
		isDry ? `would end${inBrackets(dates)}` : `cancelled${inBrackets(dates && `end ${dates}`)}`,
	alreadyCancelled: ({ recorded, dates, ends }) => {
		const isOver = ends.length > 0 && !ends.some(isFuture);
		return `already ${recorded ?? (isOver ? 'ended' : 'cancelled')}${inBrackets(dates)}`;
	},
	restored: ({ recorded, isDry }) =>
		recorded ? `${isDry ? 'would be ' : ''}${recorded}` : isDry ? 'would continue' : 'resumed',
};

/** "2 would end (3 Dec, 9 Jun 2027)" */
function countOf(
	outcome: Outcome,
	those: ItemResult[],
	{ isDry, wording, context }: CountContext,
): string {
	const ends = those.flatMap(({ effectiveAt }) => effectiveAt ?? []);
	const dates = shortDates(ends, context);
	const recorded = recordedAs(wording, those[0]);
	const words = counts[outcome]?.({ recorded, isDry, dates, ends }) ?? outcomes[outcome].label;
	return `${those.length} ${words}`;
}

const shownName = (result: ItemResult): string => shortNameOf(result) || 'empty';

const labelOf = ({ outcome, data }: ItemResult): string =>
	data?.candidates ? 'with several matches' : outcomes[outcome].label;

/** "2 need a look: fay at example.com (invalid), ben@example.com (not found)", or counted by outcome. */
function countFailures(failed: ItemResult[]): string[] {
	const skipped = failed.filter(({ outcome }) => outcome === 'skipped');
	const others = failed.filter(({ outcome }) => outcome !== 'skipped');
	const left = skipped.length > 0 ? [`${skipped.length} ${outcomes.skipped.label}`] : [];
	if (others.length > maxNamedInHint) {
		return [...countByOutcome(others), ...left];
	}
	const names = others.map((one) => `${shownName(one)} (${labelOf(one)})`).join(', ');
	const look = others.length === 1 ? 'needs a look' : 'need a look';
	return [...(others.length > 0 ? [`${others.length} ${look}: ${names}`] : []), ...left];
}

const countByOutcome = (results: ItemResult[]): string[] =>
	order.flatMap((outcome) => {
		const { length } = results.filter((one) => one.outcome === outcome);
		return length > 0 ? [`${length} ${outcomes[outcome].label}`] : [];
	});

const maxNamed = 10;

const listNames = (results: ItemResult[]) => {
	const names = results.slice(0, maxNamed).map(shownName);
	const more = results.length > maxNamed ? ` and ${results.length - maxNamed} more` : '';
	return results.length > 0 ? ` (${names.join(', ')}${more})` : '';
};

/** What became of all, for the message of stop mode; nothing where there is only one. */
export function stopSummary(results: ItemResult[]): string {
	if (results.length < 2) return '';
	const those = (outcome: Outcome) => results.filter((one) => one.outcome === outcome);
	const [skipped, previews] = [those('skipped'), those('preview')];
	const failed = results.filter((one) => isFailure(one) && one.outcome !== 'skipped');
	const done = results.length - skipped.length - failed.length - previews.length;
	const counts = [
		`${done} of ${results.length} done`,
		...(previews.length > 0 ? [`${previews.length} previewed`] : []),
		`${failed.length} failed${listNames(failed)}`,
		...(skipped.length > 0 ? [`${skipped.length} not tried${listNames(skipped)}`] : []),
	].join(', ');
	return [
		`${counts}.`,
		...(skipped.length > 0
			? ['To carry out the others, set Settings > On Error to Continue.']
			: []),
		...(done > 0 ? ['What is done is not sent again when this execution is retried.'] : []),
	].join(' ');
}
