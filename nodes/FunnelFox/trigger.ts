import type { IDataObject } from 'n8n-workflow';

import type {
	ApiCaller,
	ProviderEvent,
	Verification,
	WebhookParser,
} from '../shared/contract/event';
import { now } from '../shared/contract/clock';
import { asObject, segment, textOf } from '../shared/contract/http';
import { isFuture, timeOf, toIsoUtc, type RecordState } from '../shared/contract/record';
import { isTest, nextCursor, parseRecord, toRows } from './responses';

/** Whether one cancellation sends both is not documented. */
const renewalOff = 'subscription.auto_renew_off';
const events = [renewalOff, 'subscription.cancelled'];

/** The header's name in the newer and in the older documents. https://funnelfox.com/docs/develop/webhooks */
export const secretHeaders = ['fox-secret-key', 'fox-secret'];

/** Unix seconds, milliseconds, or a date as text: the pages differ. */
function instantOf(value: unknown): string | null {
	if (typeof value !== 'number') return toIsoUtc(value);
	const date = new Date(value < 1e11 ? value * 1000 : value);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const endOutcome = (at: string | null) => (isFuture(at) ? 'scheduled' : 'cancelled');

/** What of a delivery leads to the record. */
interface SubscriptionClue {
	/** FunnelFox's own ID; no page that prints `data` has one. */
	id: string | null;
	/** The payment provider's ID. That the record's `psp_id` equals it is not documented. */
	vendorId: string | null;
	profile: string | null;
	email: string | null;
}

function clueIn(body: IDataObject): SubscriptionClue {
	const [data, profile] = [asObject(body.data), asObject(body.profile)];
	return {
		id: textOf(data.subscription_id),
		vendorId: textOf(data.vendor_subscription_id),
		profile: textOf(body.profile_id) ?? textOf(profile.id),
		email: textOf(profile.email),
	};
}

function originOf(source: string | null): ProviderEvent['origin'] {
	if (source === null) return 'unknown';
	return source === 'api' ? 'api' : 'other';
}

/** An end that lies so near to its event counts as at once, milliseconds. */
const atOnceMs = 60_000;

/**
 * Two events of one end have the same key, however late one of them comes: what counts is whether the end
 * lay ahead when the event happened, or when it was set, for a customer may have come back in between. The
 * event of an end that was scheduled before has another one.
 */
function dedupeKeyOf(
	id: string,
	{ end, setAt, occurredAt }: Record<'end' | 'setAt' | 'occurredAt', string | null>,
): Pick<ProviderEvent, 'dedupeKey'> {
	const at = setAt ?? end;
	if (at === null) return {};
	const happenedAt = occurredAt === null ? now() : Date.parse(occurredAt);
	const since = Math.max(happenedAt, setAt === null ? 0 : Date.parse(setAt));
	const isAhead = end === null || Date.parse(end) > since + atOnceMs;
	return { dedupeKey: `${id} ${isAhead ? 'scheduled' : 'cancelled'} ${at}` };
}

/**
 * What a delivery to a pasted address reports.
 * Source: https://funnelfox.com/docs/reference/funnelfox-webhooks/webhooks/subscriptionauto_renew_off
 */
export const parser: WebhookParser = {
	// The search and the record.
	requestsPerEvent: 2,

	parse(body) {
		const { type, created_at, is_sandbox, location } = body;
		if (!events.includes(String(type))) return undefined;
		const data = asObject(body.data);
		const { id, vendorId, profile, email } = clueIn(body);
		const target = id ?? vendorId ?? profile ?? email;
		if (target === null) return undefined;
		const effectiveAt = instantOf(data.expires_at);
		const source = textOf(data.cancellation_source);
		const outcome =
			type === renewalOff && effectiveAt === null ? 'scheduled' : endOutcome(effectiveAt);
		return {
			...{ outcome, target, email, effectiveAt, source },
			event: String(type),
			occurredAt: instantOf(created_at),
			eventId: textOf(body.id),
			reason: null,
			raw: { delivery: body },
			test: is_sandbox === true || asObject(location).sandbox === true,
			origin: originOf(source),
			subject: target,
			...dedupeKeyOf(target, {
				end: effectiveAt,
				setAt: null,
				occurredAt: instantOf(created_at),
			}),
		} satisfies ProviderEvent;
	},

	/** The delivery does not name FunnelFox's own ID, so the record is searched under its profile. */
	async verify(event, read) {
		const clue = clueIn(asObject(event.raw.delivery));
		const match = clue.id === null ? await search(clue, event, read) : idMatch(clue.id);
		if (match.kind !== 'match') return match;
		const found = await read({ path: `/subscriptions/${segment(match.id)}` }, (response) => {
			const parsed = parseRecord(response, match.id);
			if (parsed.kind === 'missing') return 'missing' as const;
			if (parsed.kind !== 'found') return undefined;
			return { state: parsed.state, record: asObject(response.body) };
		});
		if (found === 'missing') return { kind: 'unidentified', mayAppear: true };
		if (found.state.phase === 'active') return { kind: 'contradicted' };
		const { id, isGuess } = match;
		return { kind: 'confirmed', event: confirmedBy(found, id, event), isGuess };
	},
};

function confirmedBy(
	{ state, record }: { state: RecordState; record: IDataObject },
	id: string,
	event: ProviderEvent,
): ProviderEvent {
	const { end, changedAt = null } = state;
	const effectiveAt = timeOf(end) ?? (end.kind === 'atOnce' ? changedAt : null);
	// An end that the record does not say lies ahead.
	const outcome = end.kind === 'unknown' ? 'scheduled' : endOutcome(effectiveAt);
	return {
		...event,
		...{ outcome, target: id, effectiveAt },
		email: state.email ?? event.email,
		reason: textOf(record.cancellation_reason),
		raw: { ...event.raw, record },
		test: event.test || isTest(record),
		changedAt,
		...dedupeKeyOf(id, {
			end: end.kind === 'unknown' ? null : effectiveAt,
			setAt: changedAt,
			occurredAt: event.occurredAt,
		}),
	};
}

type SearchResult =
	/** `isGuess`: one of several, by the time of its end. */
	{ kind: 'match'; id: string; isGuess: boolean } | Extract<Verification, { kind: 'unidentified' }>;

const idMatch = (id: string, isGuess = false): SearchResult => ({ kind: 'match', id, isGuess });

/** Which of the customer's subscriptions a delivery is about. */
async function search(
	clue: SubscriptionClue,
	event: ProviderEvent,
	read: ApiCaller,
): Promise<SearchResult> {
	const rows = await readRows(clue, read);
	if (rows.length === 0) return { kind: 'unidentified', mayAppear: true };
	const { vendorId } = clue;
	const named = rows.filter(({ psp_id, id }) => vendorId && [psp_id, id].includes(vendorId));
	// The only one is the one, whatever its ID at the payment provider is said to be.
	const candidates = named.length > 0 ? named : rows;
	const ended = candidates.filter((row) => hasJustEnded(row, event));
	const single = [candidates, ended].find((list) => list.length === 1);
	return single
		? idMatch(String(single[0].id), candidates.length > 1)
		: { kind: 'unidentified', mayAppear: false };
}

/** Milliseconds by which a row's last change may differ from the event's time. */
const sameChangeMs = 3_600_000;

/** It does not renew any more, and that changed when the event happened. */
function hasJustEnded(row: IDataObject, { occurredAt }: ProviderEvent): boolean {
	const changedAt = toIsoUtc(row.updated_at);
	const isOver = ['cancelled', 'expired'].includes(String(row.status)) || row.renews === false;
	if (!isOver || changedAt === null || occurredAt === null) return false;
	return Math.abs(Date.parse(changedAt) - Date.parse(occurredAt)) <= sameChangeMs;
}

/** All pages of the customer's subscriptions. https://funnelfox.com/docs/api-reference/list-subscriptions */
async function readRows(
	{ profile, email }: SubscriptionClue,
	read: ApiCaller,
): Promise<IDataObject[]> {
	const customer =
		profile !== null
			? { 'filter[profile_id]': profile }
			: email !== null && { 'filter[email]': email };
	if (!customer) return [];
	const rows: IDataObject[] = [];
	const cursors = new Set<string | undefined>();
	for (let cursor: string | undefined; !cursors.has(cursor);) {
		cursors.add(cursor);
		const request = { path: '/subscriptions', query: { limit: 100, ...customer, cursor } };
		const page = await read(request, (response) => {
			const found = toRows(response);
			return found && { found, next: nextCursor(response) };
		});
		rows.push(...page.found);
		if (page.next === undefined) break;
		cursor = page.next;
	}
	return rows;
}
