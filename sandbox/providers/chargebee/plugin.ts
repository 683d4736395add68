import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { decodeForm, type Params } from '../../form';
import { type ProviderResponse, header } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type Caller, identify } from './access';
import { chargebeeError, InvalidRequest } from './errors';
import { IdempotencyStore } from './idempotency';

/** A request after its key and its parameters have been read. */
export interface ApiCall {
	request: FastifyRequest;
	caller: Caller;
	/** Of the query for a GET, of the form for a POST. */
	params: Params;
}

interface HandlerOptions {
	/** Whether an idempotency key has an effect. Default true; estimates do not support it. */
	isIdempotent?: boolean;
}

const maxKeyLength = 100;

/**
 * The common part of all endpoints: forms, API keys, idempotency keys.
 * @see https://apidocs.chargebee.com/docs/api
 */
export class ChargebeePlugin {
	private readonly callers = new WeakMap<FastifyRequest, Caller>();
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
		scope.addHook('onRequest', async (request, reply) => {
			const caller = identify(request);
			if ('status' in caller) return sendResponse(reply, caller);
			this.callers.set(request, caller);
			return undefined;
		});
	}

	/** A handler for a route. */
	handle(act: (call: ApiCall) => ProviderResponse, { isIdempotent = true }: HandlerOptions = {}) {
		return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
			const caller = this.callers.get(request);
			if (!caller) throw new Error('a request came in without passing the hooks');
			const [path, query = ''] = request.url.split('?');
			const isPost = request.method === 'POST';
			const params = isPost ? ((request.body as Params | undefined) ?? {}) : decodeForm(query);
			const key = isPost && isIdempotent ? header(request, 'chargebee-idempotency-key') : undefined;
			const call = { request, caller, params };
			try {
				if (key === undefined) return sendResponse(reply, act(call));
				return sendResponse(reply, this.once(`${caller.site}\n${key}`, reply, path, call, act));
			} catch (reason) {
				// Parameters that are not valid leave the key unused.
				if (reason instanceof InvalidRequest) return sendResponse(reply, reason.answer);
				throw reason;
			}
		};
	}

	/** Assumption: a refusal is replayed as well. */
	private once(
		key: string,
		reply: FastifyReply,
		path: string,
		call: ApiCall,
		act: (call: ApiCall) => ProviderResponse,
	): ProviderResponse {
		if (key.replace(/^.*\n/, '').length > maxKeyLength) {
			const message = `An idempotency key has at most ${maxKeyLength} characters`;
			return chargebeeError('invalid_request', message);
		}
		const fingerprint = JSON.stringify([path, call.params]);
		const known = this.idempotency.lookup(key, fingerprint);
		if (known?.kind === 'replay') reply.header('chargebee-idempotency-replayed', 'true');
		if (known) return known.answer;
		const answer = structuredClone(act(call));
		this.idempotency.save(key, answer, fingerprint);
		return answer;
	}
}

const wrongContentType = 'The body must be application/x-www-form-urlencoded.';
