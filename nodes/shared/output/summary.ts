import { isAccepted, isSuccess, outcomes, type Outcome } from '../contract/outcome';
import type { ParseContext } from '../contract/field';
import { nothingSent } from '../contract/refusal';
import { isFuture } from '../contract/record';
import { isTimeZone } from '../fields/dateTime';
import { isFailure, type ItemResult } from '../model/result';

/** By month and time zone: each takes long to make, and memory that no garbage collection counts. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** In UTC where an imported workflow names a zone that is none ("DEFAULT"): what was carried out must come out. */
function formatOf(zone: string, month: 'long' | 'short'): Intl.DateTimeFormat {
	const known = formats.get(month + zone);
	if (known) return known;
	const timeZone = isTimeZone(zone) ? zone : 'UTC';
	const year = month === 'long' ? ({ year: 'numeric' } as const) : {};
	const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month, ...year, timeZone });
	formats.set(month + zone, format);
	return format;
}

/** "31 December 2026", or "3 Dec" where it is one of many; in the workflow's time zone. */
const day = (at: string, { timeZone }: ParseContext, month: 'long' | 'short') =>
	formatOf(timeZone, month).format(new Date(at));

const on = (at: string | null | undefined, around: ParseContext) =>
	at ? ` on ${day(at, around, 'long')}` : '';

type Phrase = (at: string | null | undefined, context: ParseContext) => string;

/** What became of an item, as the end of a sentence about the customer; other outcomes have their label. */
const phrases: Partial<Record<Outcome, Phrase>> = {
	cancelled: (at, context) => (at ? `ended${on(at, context)}` : 'cancelled'),
	scheduled: (at, context) => (at ? `ends${on(at, context)}` : 'will end'),
	alreadyCancelled: (at, context) =>
		isFuture(at ?? null)
			? `was cancelled before and ends${on(at, context)}`
			: `was over already${at ? `, since ${day(at, context, 'long')}` : ''}`,
	nothingToCancel: () => 'has no referral to cancel',
	readyToConfirm: () => 'may be cancelled; nothing is cancelled yet',
	presentation: () => 'a step has to be shown first; nothing is cancelled yet',
	offer: () => 'there is an offer to stay; nothing is cancelled yet',
	customerActionRequired: () => 'the customer has to cancel where it was bought',
	pendingProvider: () => 'accepted; it has not been confirmed yet',
	restored: () => 'goes on',
};

function describe(outcome: Outcome, at: string | null | undefined, context: ParseContext): string {
	return phrases[outcome]?.(at, context) ?? outcomes[outcome].label;
}

/** What a dry run predicts, where it is said in other words than what has happened. */
const predictions: Partial<Record<Outcome, Phrase>> = {
	scheduled: (at, context) => `would end${on(at, context)}`,
	cancelled: () => 'would end now',
	restored: () => 'would go on',
	pendingProvider: () => 'would be accepted, and end as soon as that is confirmed',
};

function describePredicted(
	outcome: Outcome,
	at: string | null | undefined,
	context: ParseContext,
): string {
	return predictions[outcome]?.(at, context) ?? describe(outcome, at, context);
}

const predicted = ({ preview }: ItemResult) => preview?.wouldBe as { outcome: Outcome } | undefined;

/**
 * One sentence for a chat message or a CRM note; on what did not go through it says what to do.
 * @param displayName the provider's
 */
export function summarize(result: ItemResult, displayName: string, around: ParseContext): string {
	const { outcome, email, foundBy, target, effectiveAt, message, planContinues } = result;
	const who = email ?? foundBy ?? target;
	if (!isSuccess(outcome)) return message?.includes(who) ? message : `${who}: ${message}`;
	const planned = predicted(result)?.outcome;
	if (planned) {
		const prediction = planContinues
			? partialPrediction(planned)
			: describePredicted(planned, effectiveAt, around);
		return `Dry run, nothing was sent. ${who}: ${prediction} (${displayName})`;
	}
	const end = planContinues ? continuing(outcome) : describe(outcome, effectiveAt, around);
	return `${who}: ${end} (${displayName})`;
}

/** Of a target that goes on although a part of it ends. */
const partialPrediction = (outcome: Outcome) =>
	`${isAccepted(outcome) ? 'a part would end' : 'a part has ended already'}; the plan itself goes on`;

/** Carried out, and not ended. */
const continuing = (outcome: Outcome) =>
	`${isAccepted(outcome) ? 'carried out' : 'carried out before'}; the plan itself goes on`;

const order = Object.keys(outcomes) as Outcome[];

const counted = (results: ItemResult[], outcomeIn: (result: ItemResult) => Outcome) =>
	order.flatMap((outcome) => {
		const those = results.filter((result) => outcomeIn(result) === outcome);
		return those.length > 0 ? [{ outcome, those }] : [];
	});

/** "2 would end (3 Dec, 9 Jun)" */
function countPredicted(outcome: Outcome, those: ItemResult[], around: ParseContext): string {
	const count = those.length;
	const ends = [...new Set(those.flatMap(({ effectiveAt }) => effectiveAt ?? []))].sort();
	const dates = ends.slice(0, 6).map((at) => day(at, around, 'short'));
	const list = `${dates.join(', ')}${ends.length > dates.length ? ', …' : ''}`;
	const when = ends.length > 0 ? ` (${list})` : '';
	if (outcome === 'scheduled' || outcome === 'cancelled') return `${count} would end${when}`;
	if (outcome === 'alreadyCancelled' && !ends.some(isFuture)) {
		return `${count} ${count === 1 ? 'has' : 'have'} ended already${when}`;
	}
	if (outcome === 'alreadyCancelled') return `${count} already cancelled${when}`;
	if (outcome === 'restored') return `${count} would go on`;
	return `${count} ${outcomes[outcome].label}`;
}

/**
 * What a run leaves on the node: "38 scheduled, 2 already cancelled, 1 not found"; of a dry run what
 * would happen; undefined for a single item that was carried out, which says it itself.
 */
export function runHint(all: ItemResult[], around: ParseContext): string | undefined {
	const results = all.filter(({ duplicateOf }) => duplicateOf === undefined);
	const again = all.length - results.length;
	const [dry, real] = [true, false].map((isDry) =>
		results.filter(({ outcome }) => (outcome === 'preview') === isDry),
	);
	if (dry.length === 0 && all.length < 2) return undefined;
	const parts = [
		...counted(dry, (result) => predicted(result)?.outcome ?? 'preview').map(({ outcome, those }) =>
			countPredicted(outcome, those, around),
		),
		...counted(real, ({ outcome }) => outcome).map(
			({ outcome, those }) => `${those.length} ${outcomes[outcome].label}`,
		),
		...(again > 0 ? [`${again} repeated`] : []),
	].join(', ');
	const isUntouched = ({ attempts, sentEarlier }: ItemResult) => attempts === 0 && !sentEarlier;
	const untouched = dry.length > 0 && real.every(isUntouched);
	return untouched ? `${nothingSent} ${parts}` : parts;
}

const maxNamed = 10;
const listTargets = (results: ItemResult[]) => {
	const names = results.slice(0, maxNamed).map(({ target }) => target || 'empty');
	const more = results.length > maxNamed ? ` and ${results.length - maxNamed} more` : '';
	return results.length > 0 ? ` (${names.join(', ')}${more})` : '';
};

/** What became of all, for the message of stop mode; nothing where there is only one. */
export function stopSummary(results: ItemResult[]): string {
	if (results.length < 2) return '';
	const those = (outcome: Outcome) => results.filter((one) => one.outcome === outcome);
	const [skipped, previews] = [those('skipped'), those('preview')];
	const failed = results.filter((one) => isFailure(one) && one.outcome !== 'skipped');
	const through = results.length - skipped.length - failed.length - previews.length;
	const counts = [
		`${through} went through`,
		...(previews.length > 0 ? [`${previews.length} previewed`] : []),
		`${failed.length} failed${listTargets(failed)}`,
		`${skipped.length} not tried${listTargets(skipped)}`,
	].join(', ');
	const onRetry = 'What went through is not sent again when this execution is retried.';
	return `Of ${results.length} items ${counts}.${through > 0 ? ` ${onRetry}` : ''}`;
}
