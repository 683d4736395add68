import type { IDataObject } from 'n8n-workflow';

import type { ProviderEvent, SignatureScheme, WebhookParser } from '../shared/contract/event';
import { asObject, textOf, type ApiResponse } from '../shared/contract/http';
import { timeOf, toIsoUtc, type RecordState } from '../shared/contract/record';
import { pathOf } from './paths';
import { emailOf, endedStates, runningStates, toRecordState } from './records';

/**
 * What the events of a subscription announce. Source:
 * https://docs.recurly.com/recurly-subscriptions/docs/subscription-notifications
 */
const outcomes = new Map<unknown, ProviderEvent['outcome']>([
	['canceled', 'scheduled'],
	['expired', 'cancelled'],
	['reactivated', 'restored'],
]);

/** A number from here on is a time in milliseconds. */
const epochMs = 1e11;

/**
 * A time and one or more signatures, several for 24 hours after the key was replaced. The page says
 * milliseconds, its example has seconds. Assumption: a retry is signed anew. Source:
 * https://docs.recurly.com/recurly-subscriptions/docs/signature-verification
 */
export const signature: SignatureScheme = {
	header: 'recurly-signature',
	tolerance: 300,
	parse(value) {
		const [time, ...signatures] = value.split(',').map((part) => part.trim());
		if (!/^\d+$/.test(time)) return undefined;
		const signedAt = Number(time) >= epochMs ? Number(time) / 1000 : Number(time);
		return { signedAt, prefix: `${time}.`, signatures: signatures.filter(Boolean) };
	},
};

/** What a delivery reports: the subscription's ID, and nothing of its state. */
export const parser: WebhookParser = {
	requestsPerEvent: 1,

	parse(body, headers) {
		const { object_type: type, event_type: event, event_time: at } = body;
		const target = textOf(body.id);
		const outcome = outcomes.get(event);
		if (type !== 'subscription' || outcome === undefined || target === null) return undefined;
		return {
			...{ outcome, target, subject: target, event: String(event), email: null },
			effectiveAt: null,
			occurredAt: toIsoUtc(at),
			source: null,
			eventId: headers['recurly-notification-id'] ?? [target, event, at].join(' '),
			reason: null,
			raw: { delivery: body },
		};
	},

	/** A subscription that the key does not find is one of another site: an error that the user has to see. */
	async verify(event, read) {
		const { target, outcome } = event;
		const record = await read({ path: pathOf(target) }, (response) => recordIn(response, target));
		const state = toRecordState(record);
		const actual = state && outcomeInRecord(state);
		// The end may have come since.
		const isConfirmed = actual === outcome || actual === 'cancelled';
		if (!state || !actual || !isConfirmed) return { kind: 'contradicted' };
		return {
			kind: 'confirmed',
			event: {
				...event,
				outcome: actual,
				email: emailOf(record),
				effectiveAt: actual === 'restored' ? null : timeOf(state.end),
				source: actual === 'cancelled' ? textOf(record.expiration_reason) : null,
				raw: { ...event.raw, record },
				changedAt: state.changedAt,
				...dedupeKeyOf(target, actual, state),
			},
		};
	},
};

const recordIn = ({ status, body }: ApiResponse, id: string): IDataObject | undefined =>
	status === 200 && asObject(body).id === id ? asObject(body) : undefined;

/** What the record shows; undefined: nothing that is known. */
function outcomeInRecord({ status }: RecordState): ProviderEvent['outcome'] | undefined {
	if (endedStates.includes(status)) return 'cancelled';
	if (status === 'canceled') return 'scheduled';
	return runningStates.includes(status) ? 'restored' : undefined;
}

/** A subscription ends once for good; each scheduled end has a time at which it was scheduled. */
function dedupeKeyOf(id: string, outcome: ProviderEvent['outcome'], { changedAt }: RecordState) {
	if (outcome === 'cancelled') return { dedupeKey: `${id} cancelled` };
	return outcome === 'scheduled' && changedAt ? { dedupeKey: `${id} scheduled ${changedAt}` } : {};
}
