import type { IDataObject } from 'n8n-workflow';

import { fieldsOf, segment } from '../shared/contract/call';
import type { Ask, Deliveries, Told } from '../shared/contract/event';
import { instant, isAhead } from '../shared/contract/verdict';
import { isTest, rowsIn, stateIn } from './replies';

/** Whether one cancellation sends both is not documented. */
const renewalOff = 'subscription.auto_renew_off';
const events = [renewalOff, 'subscription.cancelled'];

/** The header's name in the newer and in the older documents. https://funnelfox.com/docs/develop/webhooks */
export const headers = ['fox-secret-key', 'fox-secret'];

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** Unix seconds, milliseconds, or a date as text: the pages differ. */
function at(value: unknown): string | null {
	if (typeof value !== 'number') return instant(value);
	const date = new Date(value < 1e11 ? value * 1000 : value);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const ending = (at: string | null) => (isAhead(at) ? 'scheduled' : 'cancelled');

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
	const [data, profile] = [fieldsOf(body.data), fieldsOf(body.profile)];
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
export const deliveries: Deliveries = {
	tell(body) {
		const { type, id, created_at, is_sandbox, location } = body;
		if (!events.includes(String(type))) return undefined;
		const data = fieldsOf(body.data);
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
			test: is_sandbox === true || fieldsOf(location).sandbox === true,
			own: source === 'api',
		};
	},

	/** The delivery does not name FunnelFox's own ID, so the record is looked for under its profile. */
	async confirm(told, ask) {
		const clue = clueIn(fieldsOf(told.raw.delivery));
		const id = clue.own ?? (await search(clue, ask));
		if (id === undefined) return undefined;
		const found = await ask({ path: `/subscriptions/${segment(id)}` }, (reply) => {
			const state = stateIn(reply, id);
			if (reply.status === 404) return 'missing' as const;
			return state && { state, record: fieldsOf(reply.body) };
		});
		if (found === 'missing') return undefined;
		const { state, record } = found;
		if (state.active) return undefined;
		const effectiveAt = state.endsAt ?? state.since ?? null;
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
			...(state.since && { same: `${id} ${outcome} ${state.since}` }),
		} satisfies Told;
	},
};

/** https://funnelfox.com/docs/api-reference/list-subscriptions */
async function search({ vendors, profile, email }: Clue, ask: Ask): Promise<string | undefined> {
	const whose =
		profile !== null
			? { 'filter[profile_id]': profile }
			: email !== null && { 'filter[email]': email };
	if (!whose) return undefined;
	const rows = await ask({ path: '/subscriptions', query: { limit: 100, ...whose } }, rowsIn);
	const meant =
		vendors === null ? rows : rows.filter(({ psp_id, id }) => [psp_id, id].includes(vendors));
	// Which of several is meant cannot be told.
	return meant.length === 1 ? (textOf(meant[0].id) ?? undefined) : undefined;
}
