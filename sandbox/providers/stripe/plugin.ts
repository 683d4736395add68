import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { decodeForm, type Params } from '../../form';
import { type ProviderResponse, header } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type Caller, identify } from './access';
import { InvalidRequest, stripeError } from './errors';
import { IdempotencyStore, keyInUse } from './idempotency';
import { newId } from './ids';
import type { EventCause } from './webhooks';

/** A request after its key, its headers and its parameters have been read. */
export interface ApiCall {
	request: FastifyRequest;
	caller: Caller;
	params: Params;
	requestId: string;
	/** The cause that its events name. */
	cause: EventCause;
	/** The header, on POST only: on other methods it has no effect. */
	idempotencyKey?: string;
}

/**
 * The common part of all endpoints: forms, API keys, versions, idempotency keys, request IDs.
 * @see https://docs.stripe.com/api
 */
export class StripePlugin {
	private readonly calls = new WeakMap<FastifyRequest, Omit<ApiCall, 'params'>>();
	private readonly idempotency: IdempotencyStore;

	constructor(sandboxState: SandboxState) {
		this.idempotency = new IdempotencyStore(sandboxState.clock);
	}

	clear(): void {
		this.idempotency.clear();
	}

	/** Adds the hooks; to be called before the routes are. */
	register(scope: FastifyInstance): void {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser(
			'application/x-www-form-urlencoded',
			{ parseAs: 'string' },
			(_request, body, done) => done(null, decodeForm(String(body))),
		);
		scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
			if (body === '') done(null, {});
			else done(Object.assign(new Error(wrongContentType), { statusCode: 400 }));
		});
		scope.addHook('onRequest', async (request, reply) => this.open(request, reply));
		scope.addHook('onSend', async (request, reply, payload) => this.close(request, reply, payload));
	}

	/** A handler for a route. */
	handle(act: (call: ApiCall) => ProviderResponse) {
		return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
			const open = this.calls.get(request);
			if (!open) throw new Error('a request came in without passing the hooks');
			const [, query = ''] = request.url.split('?');
			const params = { ...decodeForm(query), ...(request.body as Params | undefined) };
			const call = { ...open, params };
			return sendResponse(reply, this.execute(call, reply, act));
		};
	}

	private execute(
		call: ApiCall,
		reply: FastifyReply,
		act: (call: ApiCall) => ProviderResponse,
	): ProviderResponse {
		const { request, params, requestId, caller } = call;
		const key = scopedKey(call);
		const path = request.url.split('?')[0].replace(/^.*(?=\/v1\/)/, '');
		const fingerprint = JSON.stringify([params, caller.version]);
		try {
			const known = key === undefined ? undefined : this.idempotency.lookup(key, path, fingerprint);
			if (known?.kind === 'replay') {
				reply.header('idempotent-replayed', 'true').header('original-request', known.requestId);
			}
			if (known) return known.answer;
			const answer = structuredClone(act(call));
			if (key !== undefined) this.idempotency.save(key, { answer, path, fingerprint, requestId });
			return answer;
		} catch (reason) {
			// Parameters that are not valid leave the key unused.
			if (reason instanceof InvalidRequest) return reason.answer;
			throw reason;
		} finally {
			if (key !== undefined) this.idempotency.release(key);
		}
	}

	private open(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
		const requestId = newId('req');
		reply.header('request-id', requestId);
		const caller = identify(request);
		if ('status' in caller) return sendResponse(reply, caller);
		reply.header('stripe-version', caller.version);
		const idempotencyKey =
			request.method === 'POST' ? header(request, 'idempotency-key') : undefined;
		const cause = { id: requestId, idempotency_key: idempotencyKey ?? null };
		const call = { request, caller, requestId, cause, idempotencyKey };
		this.calls.set(request, call);
		const key = scopedKey(call);
		if (idempotencyKey === undefined || key === undefined) return undefined;
		if (idempotencyKey.length > 255) {
			return sendResponse(
				reply,
				stripeError(400, 'Idempotency keys may be up to 255 characters long.'),
			);
		}
		reply.header('idempotency-key', idempotencyKey);
		if (!this.idempotency.acquire(key)) return sendResponse(reply, keyInUse(idempotencyKey));
		// A request that never got to its handler must not hold the key for ever.
		reply.raw.once('close', () => this.idempotency.release(key));
		return undefined;
	}

	private close(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
		const call = this.calls.get(request);
		const key = call && scopedKey(call);
		if (reply.statusCode === 429) reply.header('stripe-rate-limited-reason', 'global-rate');
		if (reply.statusCode === 500 && call && key !== undefined && typeof payload === 'string') {
			// A repeat would get the same 500 again.
			reply.header('stripe-should-retry', 'false');
			this.idempotency.saveFailure(key, call.requestId, JSON.parse(payload));
		}
		return payload;
	}
}

const wrongContentType =
	'Invalid request (check that your POST content type is application/x-www-form-urlencoded).';

/** Keys of two accounts, or of the two modes, do not meet. */
function scopedKey({ caller, idempotencyKey }: Omit<ApiCall, 'params'>): string | undefined {
	if (idempotencyKey === undefined) return undefined;
	return `${caller.account} ${caller.livemode}\n${idempotencyKey}`;
}
