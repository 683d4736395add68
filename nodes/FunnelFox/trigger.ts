import type { IDataObject } from 'n8n-workflow';

import { asObject, segment } from '../shared/contract/http';
import type { ApiCaller, WebhookParser, ProviderEvent } from '../shared/contract/event';
import { toIsoUtc, isFuture, timeOf } from '../shared/contract/record';
import { isTest, parseRecord, toRows } from './responses';

/** Whether one cancellation sends both is not documented. */
const renewalOff = 'subscription.auto_renew_off';
const events = [renewalOff, 'subscription.cancelled'];

/** The header's name in the newer and in the older documents. https://funnelfox.com/docs/develop/webhooks */
export const headers = ['fox-secret-key', 'fox-secret'];

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** Unix seconds, milliseconds, or a date as text: the pages differ. */
function at(value: unknown): string | null {
	if (typeof value !== 'number') return toIsoUtc(value);
	const date = new Date(value < 1e11 ? value * 1000 : value);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const ending = (at: string | null) => (isFuture(at) ? 'scheduled' : 'cancelled');

/** What of a delivery leads to the record. */
interface Clue {
	/** FunnelFox's own ID; no page that prints `data` has one. */
	own: string | null;
	/** The payment provider's ID, `psp_id` of the record. */
	vendors: string | null;
	profile: string | null;
	email: string | null;
}

function clueIn(body: IDataObject): Clue {
	const [data, profile] = [asObject(body.data), asObject(body.profile)];
	return {
		own: textOf(data.subscription_id),
		vendors: textOf(data.vendor_subscription_id),
		profile: textOf(body.profile_id) ?? textOf(profile.id),
		email: textOf(profile.email),
	};
}

/**
 * What a delivery to a pasted address tells.
 * Source: https://funnelfox.com/docs/reference/funnelfox-webhooks/webhooks/subscriptionauto_renew_off
 */
export const deliveries: WebhookParser = {
	parse(body) {
		const { type, id, created_at, is_sandbox, location } = body;
		if (!events.includes(String(type))) return undefined;
		const data = asObject(body.data);
		const { own, vendors, profile, email } = clueIn(body);
		const effectiveAt = at(data.expires_at);
		const source = textOf(data.cancellation_source);
		const target = own ?? vendors ?? profile ?? email;
		if (target === null) return undefined;
		return {
			outcome: type === renewalOff && effectiveAt === null ? 'scheduled' : ending(effectiveAt),
			event: String(type),
			target,
			email,
			effectiveAt,
			occurredAt: at(created_at),
			source,
			eventId: textOf(id),
			reason: null,
			raw: { delivery: body },
			test: is_sandbox === true || asObject(location).sandbox === true,
			causedByApi: source === 'api',
		};
	},

	/** The delivery does not name FunnelFox's own ID, so the record is looked for under its profile. */
	async verify(told, ask) {
		const clue = clueIn(asObject(told.raw.delivery));
		const id = clue.own ?? (await search(clue, ask));
		if (id === undefined) return undefined;
		const found = await ask({ path: `/subscriptions/${segment(id)}` }, (reply) => {
			const parsed = parseRecord(reply, id);
			if (parsed.kind === 'missing') return 'missing' as const;
			return parsed.kind === 'found'
				? { state: parsed.state, record: asObject(reply.body) }
				: undefined;
		});
		if (found === 'missing') return undefined;
		const { state, record } = found;
		if (state.phase === 'active') return undefined;
		const effectiveAt = timeOf(state.end) ?? state.changedAt ?? null;
		const outcome = ending(effectiveAt);
		return {
			...told,
			outcome,
			target: id,
			email: state.email ?? told.email,
			effectiveAt,
			reason: textOf(record.cancellation_reason),
			raw: { ...told.raw, record },
			test: told.test || isTest(record),
			...(state.changedAt && { dedupeKey: `${id} ${outcome} ${state.changedAt}` }),
		} satisfies ProviderEvent;
	},
};

/** https://funnelfox.com/docs/api-reference/list-subscriptions */
async function search(
	{ vendors, profile, email }: Clue,
	ask: ApiCaller,
): Promise<string | undefined> {
	const whose =
		profile !== null
			? { 'filter[profile_id]': profile }
			: email !== null && { 'filter[email]': email };
	if (!whose) return undefined;
	const rows = await ask({ path: '/subscriptions', query: { limit: 100, ...whose } }, toRows);
	const meant =
		vendors === null ? rows : rows.filter(({ psp_id, id }) => [psp_id, id].includes(vendors));
	// Which of several is meant cannot be told.
	return meant.length === 1 ? (textOf(meant[0].id) ?? undefined) : undefined;
}
