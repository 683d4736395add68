import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import {
	type ApiImplementation,
	bulkSuffix,
	customerName,
	header,
	pathParameter,
	type ProviderResponse,
	readRoute,
	stringField,
	writeRoute,
} from '../../providerApi';
import { Records } from '../../records';
import type { SandboxState } from '../../sandboxState';
import { keys } from './keys';
import { sampleSubscriptions, subscription, type Subscription } from './subscription';

const codes: Record<number, string> = {
	400: 'bad_request',
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	409: 'conflict',
	429: 'rate_limited',
	500: 'internal',
};

const error = (status: number, message: string): ProviderResponse => ({
	status,
	body: { error: { code: codes[status] ?? 'failed', message } },
});

/**
 * An API of one's own: subscriptions are cancelled by a POST and stay readable; a DELETE removes one. The
 * header `Idempotency-Key` drops a second request.
 */
export function createOwnApi({ clock, settings, requestLog }: SandboxState): ApiImplementation {
	const records = new Records<Subscription>(
		({ id }) => id,
		({ customer }) => [customer.email],
	);
	const answers = new Map<string, ProviderResponse>();

	const unknown = () => error(404, 'No subscription has this ID');
	const now = () => clock.now().toISOString();
	const targetOf = (request: FastifyRequest) => pathParameter(request, 'id');

	function cancel(request: FastifyRequest): ProviderResponse {
		const record = records.get(targetOf(request));
		if (!record) return unknown();
		if (record.status === 'ended' || record.status === 'ending') {
			return error(409, `The subscription is ${record.status}`);
		}
		if (!['active', 'paused'].includes(record.status)) {
			return error(422, `A subscription that is ${record.status} cannot be cancelled`);
		}
		const status = applyCancel(record, stringField(request.body, 'reason') ?? null);
		log(request, record, status);
		return { status, body: status === 202 ? { ok: true } : { ok: true, data: record } };
	}

	function applyCancel(record: Subscription, reason: string | null): number {
		const after = settings.assumption('httpCancellation', 'afterCancel');
		if (after === 'queued') return 202;
		const end = after === 'scheduled' ? clock.midnight(14) : now();
		const status = after === 'scheduled' ? 'ending' : 'ended';
		Object.assign(record, { status, ends_at: end, reason, updated_at: now() });
		return 200;
	}

	function remove(request: FastifyRequest): ProviderResponse {
		const record = records.get(targetOf(request));
		if (!record) return unknown();
		records.remove(record.id);
		log(request, record, 204);
		return { status: 204 };
	}

	function log(request: FastifyRequest, record: Subscription, status: number): void {
		requestLog.recordWrite('httpCancellation', request, {
			operation: 'cancel',
			target: record.id,
			record: record.id,
			email: record.customer.email ?? undefined,
			status,
		});
	}

	/** A second request with the same key gets the first one's answer, and nothing happens. */
	function once(request: FastifyRequest, act: () => ProviderResponse): ProviderResponse {
		const key = header(request, 'idempotency-key');
		if (key === undefined) return act();
		const scope = `${key} ${request.method} ${request.url}`;
		const answer = answers.get(scope) ?? structuredClone(act());
		answers.set(scope, answer);
		return answer;
	}

	function addRoutes(scope: FastifyInstance): void {
		const write = { config: writeRoute(targetOf) };
		scope.post('/subscriptions/:id/cancel', write, (request, reply) =>
			sendResponse(
				reply,
				once(request, () => cancel(request)),
			),
		);
		scope.delete('/subscriptions/:id', write, (request, reply) =>
			sendResponse(
				reply,
				once(request, () => remove(request)),
			),
		);
		scope.get('/subscriptions/:id', { config: readRoute(targetOf) }, (request, reply) => {
			const data = records.get(targetOf(request));
			return sendResponse(reply, data ? { status: 200, body: { data } } : unknown());
		});
		scope.get('/me', { config: readRoute() }, (_, reply) =>
			sendResponse(reply, { status: 200, body: { user: 'n8n', tenant: keys.tenant } }),
		);
	}

	return {
		addRoutes,
		authStatus(request) {
			if (header(request, 'authorization') !== `Bearer ${keys.apiKey}`) return 401;
			return header(request, 'x-tenant') === keys.tenant ? undefined : 403;
		},
		errorResponse: (status, text) =>
			error(status, text || (status === 401 ? 'The key is not valid' : 'This tenant is not yours')),
		wrongRecordResponse() {
			const data = subscription(clock, 'another', 'another@example.com', { status: 'ended' });
			return { status: 200, body: { data } };
		},
		clear() {
			records.clear();
			answers.clear();
		},
		addSamples() {
			for (const record of sampleSubscriptions(clock)) records.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				records.put(subscription(clock, name, `${name}@example.com`));
			}
		},
		rows: () =>
			records.all().map(({ id, customer, status, ends_at }) => ({
				customer: customerName(customer.email ?? id.replace(/^own_/, '')),
				target: id,
				email: customer.email ?? undefined,
				state: status,
				endsAt: ends_at,
			})),
		recordNames(target) {
			const record = records.named(target);
			return (
				record && {
					record: record.id,
					email: record.customer.email ?? undefined,
					names: records.names(record),
				}
			);
		},
		change: (target, change) => records.change(target, { updated_at: now(), ...change }),
		remove: (target) => records.remove(target),
	};
}
