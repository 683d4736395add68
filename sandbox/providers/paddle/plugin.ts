import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import type { ProviderResponse } from '../../providerApi';
import { type Caller, identify } from './access';
import { InvalidRequest } from './errors';

/** A request whose key is valid for what it asks. */
export interface ApiCall {
	request: FastifyRequest;
	caller: Caller;
}

/** The common part of all endpoints: API keys, and optional bodies. */
export class PaddlePlugin {
	private readonly callers = new WeakMap<FastifyRequest, Caller>();

	/** Adds the hooks; to be called before the routes are. */
	register(scope: FastifyInstance): void {
		scope.removeContentTypeParser('application/json');
		scope.addContentTypeParser(
			'application/json',
			{ parseAs: 'string' },
			(_request, body, done) => {
				try {
					done(null, body === '' ? undefined : JSON.parse(String(body)));
				} catch {
					done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
				}
			},
		);
		scope.addHook('onRequest', async (request, reply) => {
			const caller = identify(request);
			if ('status' in caller) return sendResponse(reply, caller);
			this.callers.set(request, caller);
			return undefined;
		});
	}

	/** A handler for a route. */
	handle(act: (call: ApiCall) => ProviderResponse) {
		return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
			const caller = this.callers.get(request);
			if (!caller) throw new Error('a request came in without passing the hooks');
			try {
				return sendResponse(reply, act({ request, caller }));
			} catch (reason) {
				if (reason instanceof InvalidRequest) return sendResponse(reply, reason.answer);
				throw reason;
			}
		};
	}
}
