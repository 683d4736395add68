import type { FastifyInstance, FastifyRequest } from 'fastify';
import { send } from '../../gate';
import { keys } from './keys';
import { person } from '../../people';
import { Records } from '../../records';
import {
	type Answer,
	bulkNumber,
	header,
	pathPart,
	reads,
	textIn,
	type VendorApi,
	writes,
} from '../../vendor';
import type { World } from '../../world';

const statuses = ['created', 'trialing', 'active', 'paused', 'cancelled', 'expired', 'unpaid'];
const providers = ['stripe', 'paddle', 'paypal', 'braintree', 'solidgate'];

interface Subscription {
	id: string;
	psp_id: string;
	status: string;
	profile: { id: string; email: string; created_at: string; preview: boolean };
	payment_provider: string;
	renews: boolean;
	sandbox: boolean;
	created_at: string;
	updated_at: string;
	period_starts_at: string;
	period_ends_at: string;
	paused_at?: string;
	cancelled_at?: string;
	cancellation_reason?: string;
	[field: string]: unknown;
}

const funnel = { id: 'fun_main', title: 'Main funnel', alias: 'main', type: 'default' };
const product = { id: 'prod_plus', name: 'Plus', status: 'active' };

/**
 * FunnelFox's public API: list, get and cancel subscriptions.
 * @see https://funnelfox.com/docs/api-reference/cancel-subscription
 * @see https://funnelfox.com/docs/api-reference/list-subscriptions
 */
export function funnelFox(world: World): VendorApi {
	const { clock } = world;
	const records = new Records<Subscription>(
		({ id }) => id,
		({ profile }) => [profile.email],
	);

	function subscription(
		who: string,
		email: string,
		state: Partial<Subscription> & { endsIn?: number } = {},
	): Subscription {
		const { endsIn = 12, ...fields } = state;
		return {
			id: `sub_${who}`,
			psp_id: `psp_${who}`,
			status: 'active',
			profile: { id: `pro_${who}`, email, created_at: clock.midnight(-60), preview: false },
			funnel,
			funnel_version: 3,
			session: { id: `ses_${who}`, created_at: clock.midnight(-60), locale: 'en' },
			product_id: product.id,
			product,
			price: 1999,
			currency: 'USD',
			price_usd: 1999,
			billing_interval: 'month',
			billing_interval_count: 1,
			payment_provider: 'stripe',
			renews: true,
			sandbox: false,
			created_at: clock.midnight(-60),
			updated_at: clock.midnight(endsIn - 30),
			period_starts_at: clock.midnight(endsIn - 30),
			period_ends_at: clock.midnight(endsIn),
			...fields,
		};
	}

	/** Brings the record up to the present and returns it. */
	function current(record: Subscription): Subscription {
		// Assumption: a cancelled subscription becomes `expired` when its period is over.
		if (record.status === 'cancelled' && new Date(record.period_ends_at) <= clock.now()) {
			record.status = 'expired';
		}
		return record;
	}

	function refuseToCancel(record: Subscription): string | undefined {
		// Assumption: the page announces "a corresponding error" without a code; it is taken as 400.
		if (record.status === 'cancelled') return 'Subscription is already cancelled';
		if (record.status === 'expired') return 'Subscription is expired';
		// Assumption: braintree is a payment provider, but not in the page's list of supported ones.
		if (record.payment_provider === 'braintree') {
			return 'Cancellation is not supported for payment provider braintree';
		}
		// Assumption: auto-renew off is no obstacle; the subscription is cancelled all the same.
		return undefined;
	}

	function cancel(request: FastifyRequest): Answer {
		const record = records.get(pathPart(request, 'id'));
		if (!record) return message(404, 'Subscription not found');
		const refusal = refuseToCancel(current(record));
		if (refusal) return message(400, refusal);
		const now = clock.now().toISOString();
		Object.assign(record, {
			status: 'cancelled',
			renews: false,
			cancelled_at: now,
			updated_at: now,
			cancellation_reason: textIn(request.body, 'reason') ?? 'User requested cancellation',
		});
		world.traffic.accept('funnelFox', request, {
			operation: 'cancel',
			target: record.id,
			record: record.id,
			email: record.profile.email,
			status: 200,
		});
		return { status: 200, body: record };
	}

	function list(request: FastifyRequest): Answer {
		const query = request.query as Record<string, string | undefined>;
		const found = records
			.all()
			.filter(({ profile }) => [undefined, profile.email].includes(query['filter[email]']))
			.map(current)
			.filter(
				({ profile, status, payment_provider: psp }) =>
					[undefined, profile.id].includes(query['filter[profile_id]']) &&
					[undefined, status].includes(query['filter[status]']) &&
					[undefined, psp].includes(query['filter[psp]']) &&
					[undefined, funnel.id].includes(query['filter[funnel_id]']),
			);
		return page(found, query, reduced);
	}

	function addRoutes(scope: FastifyInstance): void {
		scope.post(
			'/subscriptions/:id/cancel',
			{ config: writes((request) => pathPart(request, 'id')), schema: { body: cancelBody } },
			(request, reply) => send(reply, cancel(request)),
		);
		scope.get(
			'/subscriptions',
			{
				config: reads((request) => textIn(request.query, 'filter[email]')),
				schema: { querystring: listQuery },
			},
			(request, reply) => send(reply, list(request)),
		);
		scope.get(
			'/subscriptions/:id',
			{ config: reads((request) => pathPart(request, 'id')) },
			(request, reply) => {
				const record = records.get(pathPart(request, 'id'));
				return send(
					reply,
					record ? { status: 200, body: current(record) } : message(404, 'Subscription not found'),
				);
			},
		);
		scope.get(
			'/profiles',
			{ config: reads(), schema: { querystring: listQuery } },
			(request, reply) => {
				const query = request.query as Record<string, string | undefined>;
				const profiles = new Map(records.all().map(({ profile }) => [profile.id, profile]));
				const found = [...profiles.values()].filter(({ email }) =>
					[undefined, email].includes(query['filter[email]']),
				);
				return send(
					reply,
					page(found, query, (profile) => profile),
				);
			},
		);
		scope.get(
			'/funnels',
			{ config: reads(), schema: { querystring: listQuery } },
			(request, reply) =>
				send(
					reply,
					page([funnel], request.query as Record<string, string>, (item) => item),
				),
		);
	}

	function addSamples(): void {
		const sample = (who: string, state?: Partial<Subscription> & { endsIn?: number }) => {
			records.put(subscription(who, person(who).email, state));
		};
		sample('ada');
		sample('ben', { status: 'trialing', endsIn: 4, trial_offer: 'free' });
		sample('cleo', {
			status: 'cancelled',
			renews: false,
			cancelled_at: clock.midnight(-3),
			cancellation_reason: 'User requested cancellation',
		});
		sample('dora', { renews: false, payment_provider: 'paddle' });
		sample('emil', {
			status: 'paused',
			payment_provider: 'paypal',
			paused_at: clock.midnight(-5),
		});
		sample('fay', { status: 'unpaid', payment_provider: 'paddle', endsIn: -2 });
		sample('gus', { status: 'expired', renews: false, endsIn: -20 });
		sample('hana', { payment_provider: 'braintree' });
		sample('ivo', {
			sandbox: true,
			profile: {
				id: 'pro_ivo',
				email: person('ivo').email,
				created_at: clock.midnight(-60),
				preview: true,
			},
		});
		sample('june', { status: 'created', payment_provider: 'solidgate' });
		sample('kim', { billing_interval: 'year', endsIn: 200 });
		records.put(
			subscription('kim_old', person('kim').email, {
				status: 'expired',
				renews: false,
				endsIn: -90,
			}),
		);
	}

	return {
		addRoutes,
		turnsAway: (request) => (header(request, 'fox-secret') === keys.secretKey ? undefined : 401),
		refusal: (status, text) =>
			message(status, text || (status === 401 ? 'Invalid secret key' : 'Forbidden')),
		clear: () => records.clear(),
		addSamples,
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const who = `${prefix}_${bulkNumber(index)}`;
				records.put(subscription(who, `${who}@example.com`));
			}
		},
		rows: () =>
			records.all().map((record) => ({
				who: record.id.replace(/^sub_/, ''),
				target: record.id,
				email: record.profile.email,
				state: standing(current(record)),
				endsAt: record.period_ends_at,
			})),
		namesOf(target) {
			const record = records.get(target);
			return (
				record && {
					record: record.id,
					email: record.profile.email,
					names: records.names(record),
				}
			);
		},
		change: (target, change) =>
			records.change(target, { updated_at: clock.now().toISOString(), ...change }),
		remove: (target) => records.remove(target),
	};
}

function standing({ status, renews, sandbox }: Subscription): string {
	const isRunning = status === 'active' || status === 'trialing';
	const ending = isRunning && !renews ? ', does not renew' : '';
	return status + ending + (sandbox ? ', a test' : '');
}

function message(status: number, text: string): Answer {
	return { status, body: { message: text } };
}

/** One page; the cursor is the id of the last item (guide: https://funnelfox.com/docs/develop/api). */
function page<T extends { id: string }>(
	found: T[],
	query: Record<string, string | undefined>,
	view: (item: T) => unknown,
): Answer {
	const { cursor } = query;
	const limit = Number(query.limit ?? 20);
	// Assumption: current and older pages disagree (500 or 100 at most); the lower number holds.
	if (limit < 1 || limit > 100) return message(400, 'limit must be between 1 and 100');
	const last = cursor ? found.findIndex(({ id }) => id === cursor) : -1;
	if (cursor && last < 0) return message(400, 'cursor is not valid');
	const data = found.slice(last + 1, last + 1 + limit);
	return {
		status: 200,
		body: {
			data: data.map(view),
			pagination: {
				has_more: last + 1 + limit < found.length,
				total: found.length,
				// Assumption: the last page still names a cursor, and the one after it names its own.
				next_cursor: data.at(-1)?.id ?? cursor ?? '',
			},
		},
	};
}

const listFields = [
	'id',
	'psp_id',
	'status',
	'renews',
	'sandbox',
	'created_at',
	'updated_at',
	'billing_interval',
	'billing_interval_count',
	'price',
	'currency',
	'price_usd',
	'funnel_version',
	'payment_provider',
	'period_starts_at',
	'period_ends_at',
	'profile',
	'product',
];

/** Lists show fewer fields: neither the funnel, nor the session, nor the cancellation. */
function reduced(record: Subscription): Record<string, unknown> {
	return Object.fromEntries(listFields.map((field) => [field, record[field]]));
}

const cancelBody = {
	type: ['object', 'null'],
	properties: { reason: { type: 'string' } },
};

const listQuery = {
	type: 'object',
	properties: {
		limit: { type: 'string', pattern: '^[0-9]+$' },
		'filter[status]': { type: 'string', enum: statuses },
		'filter[psp]': { type: 'string', enum: providers },
	},
};
