import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { type ProviderResponse, readRoute, stringField, writeRoute } from '../../providerApi';
import type { FirstPromoterAccount } from './context';
import { type Lead, leadView, leadWithPromoter, promoterView } from './lead';

type Parameters = Record<string, string | undefined>;

const states = ['signup', 'active', 'subscribed', 'denied', 'cancelled'];
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * FirstPromoter v1: key/value parameters in the query or in a form, never JSON.
 * @see https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation
 * @see https://docs.firstpromoter.com/api-reference-v1/leads-api
 */
export function firstPromoterV1(scope: FastifyInstance, account: FirstPromoterAccount): void {
	const { leads, events } = account;
	scope.removeAllContentTypeParsers();
	scope.addContentTypeParser(
		'application/x-www-form-urlencoded',
		{ parseAs: 'string' },
		async (_request: FastifyRequest, text: string) => Object.fromEntries(new URLSearchParams(text)),
	);
	// Assumption: the documents say "not JSON", so a JSON body is ignored.
	scope.addContentTypeParser('*', { parseAs: 'string' }, async () => ({}));

	/** Assumption: the first of id, uid, email decides, without a fallback to the others. */
	function lookUp({ id, uid, email }: Parameters): Lead | undefined {
		if (id) return leads.get(id);
		const lead = leads.named(uid ?? email ?? '');
		// Assumption: email and uid are case-sensitive.
		return lead && (uid ? lead.uid === uid : lead.email === email) ? lead : undefined;
	}

	function cancellation(request: FastifyRequest): ProviderResponse {
		const given = parameters(request);
		const target = given.uid ?? given.email;
		if (!target) return message(400, 'Error. Email and uid can not be blank!');
		if (given.created_at && !isoTime.test(given.created_at)) {
			return message(400, 'Error. created_at is not an ISO 8601 date.');
		}
		if (!['true', 'false', undefined].includes(given.skip_email_notification)) {
			return message(400, 'Error. skip_email_notification must be true or false.');
		}
		// Assumption: 409, as documented for /sale, /refund and /subscriber.
		if (given.event_id && events.has(given.event_id)) {
			const text = `The 'cancellation' event with the id '${given.event_id}' already exists.`;
			return message(409, text);
		}
		const lead = lookUp({ uid: given.uid, email: given.email });
		// Assumption: 204 for a customer without a referral, as documented for /sale and /subscriber.
		if (!lead) return { status: 204 };
		if (given.event_id) events.add(given.event_id);
		const at = given.created_at && new Date(given.created_at).toISOString();
		return account.cancel(request, lead, target, at);
	}

	function update(request: FastifyRequest): ProviderResponse {
		const given = parameters(request);
		const found = find(given);
		if ('status' in found) return found;
		const { lead, target } = found;
		// Assumption: an unknown state is refused with 422.
		if (given.state && !states.includes(given.state)) return error(422, 'State is not valid.');
		leads.change(String(lead.id), {
			...(given.new_uid && { uid: given.new_uid }),
			...(given.new_email && { email: given.new_email }),
			...(given.plan_name && { plan_name: given.plan_name }),
			...(given.customer_since && { customer_since: given.customer_since }),
		});
		// Assumption: a change of the state sets or clears the time of the cancellation.
		if (given.state)
			account.setState(lead, given.state, account.sandboxState.clock.now().toISOString());
		account.sandboxState.requestLog.recordWrite('firstPromoter', request, {
			operation: operationFor(given.state),
			target,
			record: String(lead.id),
			email: lead.email,
			status: 200,
		});
		return { status: 200, body: withPromoter(lead) };
	}

	function find(given: Parameters): { lead: Lead; target: string } | ProviderResponse {
		const target = given.id ?? given.uid ?? given.email;
		if (!target) {
			return error(422, 'You need to find the lead/customer either by id, uid or email.');
		}
		const lead = lookUp(given);
		return lead ? { lead, target } : error(404, 'Lead not found.');
	}

	const withPromoter = (lead: Lead) =>
		leadWithPromoter(lead, account.sandboxState.clock.midnight(-400));

	scope.post('/track/cancellation', { config: writeRoute(targetOf) }, (request, reply) =>
		sendResponse(reply, cancellation(request)),
	);
	scope.get('/leads/show', { config: readRoute(targetOf) }, (request, reply) => {
		const found = find(parameters(request));
		const isAnswer = 'status' in found;
		return sendResponse(reply, isAnswer ? found : { status: 200, body: withPromoter(found.lead) });
	});
	scope.get('/leads/list', { config: readRoute() }, (_request, reply) =>
		sendResponse(reply, { status: 200, body: leads.all().map(leadView) }),
	);
	scope.put('/leads/update', { config: writeRoute(targetOf) }, (request, reply) =>
		sendResponse(reply, update(request)),
	);
	scope.get('/promoters/list', { config: readRoute() }, (_request, reply) =>
		sendResponse(reply, {
			status: 200,
			body: [promoterView(account.sandboxState.clock.midnight(-400))],
		}),
	);
}

function parameters(request: FastifyRequest): Parameters {
	const given: Parameters = {};
	for (const source of [request.body, request.query]) {
		for (const name of Object.keys((source ?? {}) as object)) {
			given[name] = stringField(source, name) ?? given[name];
		}
	}
	return given;
}

function targetOf(request: FastifyRequest): string | undefined {
	const { id, uid, email } = parameters(request);
	return id ?? uid ?? email;
}

function operationFor(state: string | undefined): string {
	if (!state) return 'update';
	return state === 'cancelled' || state === 'denied' ? 'cancel' : 'restore';
}

function message(status: number, text: string): ProviderResponse {
	return { status, body: { message: text } };
}

function error(status: number, text: string): ProviderResponse {
	return { status, body: { error: text } };
}
