import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import {
	type ProviderResponse,
	pathParameter,
	readRoute,
	stringField,
	writeRoute,
} from '../../providerApi';
import type { FirstPromoterAccount } from './context';
import { promoterView, referralView } from './lead';

/**
 * FirstPromoter v2: tracking a cancellation, and reading referrals.
 * @see https://docs.firstpromoter.com/api-reference-v2/api-admin/tracking-api/cancellation
 * @see https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referrals
 */
export function firstPromoterV2(scope: FastifyInstance, account: FirstPromoterAccount): void {
	const { leads } = account;

	function cancellation(request: FastifyRequest): ProviderResponse {
		const email = stringField(request.body, 'email');
		const uid = stringField(request.body, 'uid');
		const target = uid ?? email;
		if (!target) return message(400, 'Error. Email and uid can not be blank!');
		// Assumption: the schema has oneOf, so both together are refused.
		if (email && uid) return message(400, 'Error. Give either email or uid, not both.');
		const lead = leads.named(target);
		const isKnown = lead && (uid ? lead.uid === uid : lead.email === email);
		// Assumption: 404 for a customer without a referral, as documented for V2's /sale.
		if (!isKnown) return notFound();
		// Assumption: V2 documents no event_id for cancellations, so it is ignored.
		return account.cancel(request, lead, target);
	}

	function referral(request: FastifyRequest): ProviderResponse {
		const id = pathParameter(request, 'id');
		const by = stringField(request.query, 'find_by');
		const lead = by ? leads.named(id) : leads.get(id);
		const isMeant = lead && (by === 'email' ? lead.email === id : by !== 'uid' || lead.uid === id);
		// No sample record has a username.
		return isMeant && by !== 'username' ? { status: 200, body: referralView(lead) } : notFound();
	}

	function list(request: FastifyRequest): ProviderResponse {
		const query = request.query as Record<string, string | undefined>;
		const page = Number(query.page ?? 1);
		const perPage = Number(query.per_page ?? 20);
		// Assumption: a page size above the documented 100 is refused.
		if (page < 1 || perPage < 1 || perPage > 100) return message(422, 'per_page is not valid');
		const found = leads.all().filter(
			({ state, email, uid, customer_since: since }) =>
				[undefined, state].includes(query['filters[state]']) &&
				[undefined, since ? 'customer' : 'lead'].includes(query['filters[type]']) &&
				// Assumption: the search finds substrings of email and uid.
				(!query.q || email.includes(query.q) || (uid ?? '').includes(query.q)),
		);
		const body = found.slice((page - 1) * perPage, page * perPage).map(referralView);
		return { status: 200, body };
	}

	scope.post(
		'/track/cancellation',
		{
			config: writeRoute(({ body }) => stringField(body, 'uid') ?? stringField(body, 'email')),
			schema: { body: cancellationBody },
		},
		(request, reply) => sendResponse(reply, cancellation(request)),
	);
	scope.get(
		'/company/referrals',
		{
			config: readRoute(({ query }) => stringField(query, 'q')),
			schema: { querystring: listQuery },
		},
		(request, reply) => sendResponse(reply, list(request)),
	);
	scope.get(
		'/company/referrals/:id',
		{
			config: readRoute((request) => pathParameter(request, 'id')),
			schema: { querystring: findQuery },
		},
		(request, reply) => sendResponse(reply, referral(request)),
	);
	scope.get('/company/promoters', { config: readRoute() }, (_request, reply) => {
		// Assumption: the envelope of this list; a credential test needs only its status.
		const promoter = promoterView(account.sandboxState.clock.midnight(-400));
		return sendResponse(reply, { status: 200, body: { data: [promoter] } });
	});
}

function message(status: number, text: string): ProviderResponse {
	return { status, body: { message: text } };
}

function notFound(): ProviderResponse {
	const text = 'Referral corresponding to email or uid parameter not found or promoter is banned.';
	return { status: 404, body: { message: text, code: 'not_found' } };
}

const cancellationBody = {
	type: 'object',
	properties: { email: { type: 'string' }, uid: { type: 'string' } },
};

const digits = { type: 'string', pattern: '^[0-9]+$' };

const listQuery = {
	type: 'object',
	properties: {
		page: digits,
		per_page: digits,
		'filters[type]': { type: 'string', enum: ['lead', 'customer'] },
		'filters[state]': {
			type: 'string',
			enum: [
				'subscribed',
				'signup',
				'active',
				'cancelled',
				'refunded',
				'denied',
				'pending',
				'moved',
			],
		},
	},
};

const findQuery = {
	type: 'object',
	properties: { find_by: { type: 'string', enum: ['email', 'uid', 'username'] } },
};
