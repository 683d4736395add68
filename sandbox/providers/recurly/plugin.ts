import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { type ProviderResponse, header } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type Caller, identify } from './access';
import { InvalidRequest, keyInUse, recurlyError } from './errors';
import { IdempotencyStore } from './idempotency';
import { version } from './version';

/** A request after its key and its version have been read. */
export interface ApiCall {
	request: FastifyRequest;
	caller: Caller;
	/** Adds a header to the answer. */
	setHeader(name: string, value: string): void;
}

interface OpenCall extends ApiCall {
	/** Of a write: the idempotency key with all that counts beside it. */
	idempotencyKey?: string;
}

type Handler = (call: ApiCall) => ProviderResponse | Promise<ProviderResponse>;

/** The common part of all endpoints: keys, versions, idempotency keys, headers of the answer. */
export class RecurlyPlugin {
	private readonly calls = new WeakMap<FastifyRequest, OpenCall>();
	private readonly idempotency: IdempotencyStore;

	constructor(private readonly sandboxState: SandboxState) {
		this.idempotency = new IdempotencyStore(sandboxState.clock);
	}

	clear(): void {
		this.idempotency.clear();
	}

	/** Adds the hooks; to be called before the routes are. */
	register(scope: FastifyInstance): void {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
			try {
				done(null, parseBody(request, String(body)));
			} catch (reason) {
				done(Object.assign(reason as Error, { statusCode: 400 }));
			}
		});
		scope.addHook('onRequest', async (request, reply) => this.open(request, reply));
		scope.addHook('onSend', async (request, reply, payload) => this.close(request, reply, payload));
	}

	/** A handler for a route. */
	handle(act: Handler) {
		return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
			const call = this.calls.get(request);
			if (!call) throw new Error('a request came in without passing the hooks');
			return sendResponse(reply, await this.execute(call, act));
		};
	}

	private async execute(call: OpenCall, act: Handler): Promise<ProviderResponse> {
		const { idempotencyKey: key } = call;
		const known = key === undefined ? undefined : this.idempotency.lookup(key);
		if (known) {
			call.setHeader('idempotency-prior', 'true');
			return known;
		}
		const answer = structuredClone(await answerTo(call, act));
		if (key !== undefined) this.idempotency.save(key, answer);
		return answer;
	}

	private open(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
		reply.header('x-request-id', randomUUID()).header('recurly-version', `recurly.${version}`);
		const caller = identify(request);
		if ('status' in caller) return sendResponse(reply, caller);
		const setHeader = (name: string, value: string) => void reply.header(name, value);
		const idempotencyKey = scopedKey(request, caller);
		this.calls.set(request, { request, caller, setHeader, idempotencyKey });
		if (idempotencyKey === undefined) return undefined;
		if (header(request, 'idempotency-key')!.length > 255) {
			const message = 'The Idempotency-Key must be 255 characters or fewer.';
			return sendResponse(reply, recurlyError('bad_request', message));
		}
		if (!this.idempotency.acquire(idempotencyKey)) {
			reply.header('recurly-should-retry', 'true').header('retry-after', '1');
			return sendResponse(reply, keyInUse);
		}
		// A request that never got to its handler must not hold the key for ever.
		reply.raw.once('close', () => this.idempotency.release(idempotencyKey));
		return undefined;
	}

	private close(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
		if (reply.statusCode === 429) this.describeLimit(reply);
		const key = this.calls.get(request)?.idempotencyKey;
		const isLost = reply.statusCode === 500 && typeof payload === 'string';
		// A repeat of what was carried out would get the same 500 again.
		if (key !== undefined && isLost && this.idempotency.lookup(key)) {
			this.idempotency.save(key, { status: 500, body: JSON.parse(payload) });
		}
		return payload;
	}

	/** Recurly names the time at which the limit is filled again, and no `Retry-After`. */
	private describeLimit(reply: FastifyReply): void {
		const seconds = Number(reply.getHeader('retry-after') ?? 1);
		const now = Math.floor(this.sandboxState.clock.now().getTime() / 1000);
		reply.removeHeader('retry-after');
		reply
			.header('x-ratelimit-limit', '1000')
			.header('x-ratelimit-remaining', '0')
			.header('x-ratelimit-reset', String(now + (Number.isNaN(seconds) ? 1 : seconds)));
	}
}

async function answerTo(call: ApiCall, act: Handler): Promise<ProviderResponse> {
	try {
		return await act(call);
	} catch (reason) {
		if (reason instanceof InvalidRequest) return reason.answer;
		throw reason;
	}
}

function parseBody(request: FastifyRequest, text: string): unknown {
	if (text === '') return undefined;
	if (!/^application\/json\b/.test(header(request, 'content-type') ?? '')) {
		throw new Error('The content type must be application/json.');
	}
	return JSON.parse(text);
}

/** The same key counts by method, path and API key; the query belongs to the path. */
function scopedKey(request: FastifyRequest, { key }: Caller): string | undefined {
	const given = header(request, 'idempotency-key');
	if (given === undefined || request.method === 'GET' || request.method === 'HEAD') {
		return undefined;
	}
	return [key, request.method, request.url, given].join('\n');
}
