import type { FastifyInstance, FastifyRequest } from 'fastify';
import { namedPlugin } from '../../plugin';
import { sampleCustomer } from '../../sampleCustomers';
import { Records } from '../../records';
import {
	type ProviderResponse,
	bulkSuffix,
	header,
	type ApiImplementation,
	customerName,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { FirstPromoterAccount } from './context';
import { keys } from './keys';
import { cancellationView, type Lead, leadView, leadWithPromoter, referralView } from './lead';
import { firstPromoterV1 } from './v1';
import { firstPromoterV2 } from './v2';
import { view as webhookView, webhookRoutes } from './webhookRoutes';
import { Webhooks } from './webhooks';

/**
 * FirstPromoter, V1 and V2 with the same leads. It records cancellations and bills no customer.
 * @see https://docs.firstpromoter.com/api-reference-v1/introduction
 * @see https://docs.firstpromoter.com/api-reference-v2/api-admin/introduction
 */
export function createFirstPromoterApi(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const leads = new Records<Lead>(
		({ id }) => String(id),
		({ uid, email }) => [uid, email],
	);
	let lastBulkId = 0;
	let lastEventId = 33_000_000;
	const webhooks = new Webhooks(sandboxState);
	const account: FirstPromoterAccount = {
		sandboxState,
		leads,
		events: new Set(),
		webhooks,
		setState,
		cancel,
	};

	function setState(lead: Lead, state: string, at: string): void {
		const former = lead.state;
		lead.state = state;
		lead.cancelled_at = state === 'cancelled' ? at : null;
		webhooks.sendEvents(lead, former, at);
	}

	function cancel(
		request: FastifyRequest,
		lead: Lead,
		target: string,
		at?: string,
	): ProviderResponse {
		lastEventId += 1;
		// Assumption: a second cancellation of a lead is recorded with the new time.
		setState(lead, 'cancelled', at ?? clock.now().toISOString());
		sandboxState.requestLog.recordWrite('firstPromoter', request, {
			operation: 'cancel',
			target,
			record: String(lead.id),
			email: lead.email,
			status: 200,
		});
		return {
			status: 200,
			body: cancellationView(lastEventId, lead, clock.midnight(-400)),
		};
	}

	function lead(id: number, name: string, email: string, state: string): Lead {
		const isCustomer = state !== 'signup' && state !== 'subscribed';
		return {
			id,
			state,
			email,
			uid: `cus_${name}`,
			customer_since: isCustomer ? clock.midnight(-50) : null,
			cancelled_at: state === 'cancelled' ? clock.midnight(-3) : null,
			plan_name: isCustomer ? 'plus' : null,
			created_at: clock.midnight(-60),
		};
	}

	return {
		addRoutes(scope: FastifyInstance) {
			scope.register(
				namedPlugin('v1', (v1) => firstPromoterV1(v1, account)),
				{ prefix: '/v1' },
			);
			scope.register(
				namedPlugin('v2', (v2) => {
					firstPromoterV2(v2, account);
					webhookRoutes(v2, sandboxState, webhooks);
				}),
				{ prefix: '/v2' },
			);
		},
		authStatus,
		errorResponse,
		wrongRecordResponse({ url }) {
			const another = lead(20_738_400, 'another', 'another@example.com', 'cancelled');
			const since = clock.midnight(-400);
			if (url.includes('/track/')) {
				return { status: 200, body: cancellationView(33_999_999, another, since) };
			}
			if (url.includes('/leads/list')) return { status: 200, body: [leadView(another)] };
			if (url.includes('/leads/')) return { status: 200, body: leadWithPromoter(another, since) };
			if (url.includes('/referrals/')) return { status: 200, body: referralView(another) };
			return url.includes('/referrals')
				? { status: 200, body: [referralView(another)] }
				: undefined;
		},
		clear() {
			leads.clear();
			account.events.clear();
			webhooks.clearDeliveries();
			lastBulkId = 0;
		},
		addSamples() {
			// Hana is missing: a customer without a referral.
			const states: Record<string, string> = {
				ada: 'active',
				ben: 'signup',
				cleo: 'cancelled',
				dora: 'active',
				emil: 'active',
				fay: 'active',
				gus: 'refunded',
				ivo: 'subscribed',
				june: 'denied',
				kim: 'active',
				twin: 'active',
				renewed: 'active',
				mixed: 'active',
				capital: 'active',
				many: 'active',
			};
			for (const [name, state] of Object.entries(states)) {
				const { number, email } = sampleCustomer(name);
				leads.put(lead(20_738_300 + number, name, email, state));
			}
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				lastBulkId += 1;
				leads.put(lead(30_000_000 + lastBulkId, name, `${name}@example.com`, 'active'));
			}
		},
		rows: () =>
			leads.all().map(({ uid, email, state }) => ({
				customer: customerName(email),
				target: uid ?? email,
				email,
				state,
			})),
		recordNames(target) {
			const found = leads.named(target);
			return found && { record: String(found.id), email: found.email, names: leads.names(found) };
		},
		change: (target, change) => leads.change(target, change),
		customerCancels(target, { at }) {
			const found = leads.named(target);
			if (found) setState(found, 'cancelled', at);
			return found !== undefined;
		},
		customerReturns(target, { at }) {
			const found = leads.named(target);
			if (found) setState(found, 'active', at);
			return found !== undefined;
		},
		webhooks: () => [...webhooks.all.values()].map(webhookView),
		forgetWebhooks: () => webhooks.clear(),
		remove: (target) => leads.remove(target),
	};
}

function authStatus(request: FastifyRequest): 401 | undefined {
	if (request.url.startsWith('/firstpromoter/api/v1')) {
		return header(request, 'x-api-key') === keys.v1ApiKey ? undefined : 401;
	}
	const isKnown =
		header(request, 'authorization') === `Bearer ${keys.v2ApiKey}` &&
		header(request, 'account-id') === keys.accountId;
	return isKnown ? undefined : 401;
}

function errorResponse(status: number, text: string, path: string): ProviderResponse {
	const isV1 = path.startsWith('/firstpromoter/api/v1');
	// The webhook endpoints report invalid bodies as 422 with a code.
	if (status === 400 && path.includes('/company/webhooks')) {
		return { status: 422, body: { message: text, code: 'unprocessable_entity' } };
	}
	if (status === 401) return isV1 ? { status, body: 'Bad credentials' } : { status };
	if (status === 403 && !isV1) {
		const message = "You don't have enough rights to perform this action";
		return { status, body: { message, code: 'forbidden' } };
	}
	const message = text || 'Forbidden';
	const isLeads = path.startsWith('/firstpromoter/api/v1/leads');
	return { status, body: isLeads ? { error: message } : { message } };
}
