import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { retryAfterHeader } from './limits';
import type { Fault } from './scenario';
import type { InFlightRequest } from './requestLog';
import type { ProviderResponse, ProviderApi } from './providerApi';
import type { SandboxState } from './sandboxState';

const badGatewayPage =
	'<html><head><title>502 Bad Gateway</title></head>' +
	'<body><center><h1>502 Bad Gateway</h1></center></body></html>';
const maintenancePage = '<!doctype html><html><body><h1>We will be right back</h1></body></html>';
const defaultDelayMs = { timeout: 60_000, lateAccept: 1_500, slow: 1_000 };

/** A request that meets a fault. */
interface FaultyRequest {
	fault: Fault;
	api: ProviderApi;
	sandboxState: SandboxState;
	request: FastifyRequest;
	reply: FastifyReply;
}

/**
 * Adds to a provider's routes what precedes and follows every handler: the request is logged, waits
 * for the latency, counts against the limit, is authenticated, and meets its fault.
 */
export function addRequestHooks(
	scope: FastifyInstance,
	api: ProviderApi,
	sandboxState: SandboxState,
): void {
	const inFlight = new WeakMap<FastifyRequest, InFlightRequest & { resetCount: number }>();
	const faultyRequests = new WeakMap<FastifyRequest, FaultyRequest>();

	scope.addHook('onRequest', async (request, reply) => {
		const { resetCount } = sandboxState;
		const logged = { ...sandboxState.requestLog.begin(api.name, request), resetCount };
		inFlight.set(request, logged);
		reply.raw.once('close', () => logged.end());
		await sandboxState.delay(sandboxState.latencyOf(api.name));
		const exceeded = sandboxState.limits.take(api.name, request.url);
		if (exceeded) {
			if (exceeded.retryAfter !== 'none') {
				reply.header('retry-after', retryAfterHeader(exceeded.waitMs, exceeded.retryAfter));
			}
			return sendError(api, request, reply, 429);
		}
		const status = api.authStatus(request);
		if (status) return sendError(api, request, reply, status);
	});

	scope.addHook('preValidation', async (request, reply) => {
		const { entry } = inFlightOf(inFlight, request);
		entry.body = request.body;
		const { routeInfo } = request.routeOptions.config;
		if (!routeInfo) return;
		entry.effect = routeInfo.effect(request);
		entry.target = routeInfo.target(request);
		const known = entry.target === undefined ? undefined : api.recordNames(entry.target);
		const fault = sandboxState.faults.apply({
			provider: api.name,
			effect: entry.effect,
			record: known?.record ?? entry.target ?? '',
			names: [...(entry.target === undefined ? [] : [entry.target]), ...(known?.names ?? [])],
		});
		if (!fault) return;
		entry.fault = fault.kind;
		const faulty = { fault, api, sandboxState, request, reply };
		faultyRequests.set(request, faulty);
		return applyBeforeHandler(faulty);
	});

	// A request that arrived before a reset must not change the records that exist after it.
	scope.addHook('preHandler', async (request, reply) => {
		if (inFlightOf(inFlight, request).resetCount === sandboxState.resetCount) return;
		request.socket.destroy();
		return reply.hijack();
	});

	scope.addHook('onSend', async (request, reply, payload) => {
		const logged = inFlight.get(request);
		// Only a request that the host guard refused has not been logged.
		if (!logged) return payload;
		const faulty = faultyRequests.get(request);
		const sent = faulty ? await applyAfterHandler(faulty, payload) : payload;
		logged.entry.status =
			request.raw.destroyed || request.socket.destroyed ? null : reply.statusCode;
		logged.end();
		return sent;
	});

	scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) =>
		sendError(api, request, reply, error.statusCode ?? 500, error.message),
	);
	scope.setNotFoundHandler((request, reply) =>
		sendError(api, request, reply, 404, 'No such endpoint'),
	);
}

/** Sends a provider's response; a body becomes JSON. */
export function sendResponse(reply: FastifyReply, response: ProviderResponse): FastifyReply {
	reply.code(response.status);
	if (response.body === undefined) return reply.send();
	return reply
		.header('content-type', response.type ?? 'application/json; charset=utf-8')
		.send(JSON.stringify(response.body));
}

function inFlightOf<T>(inFlight: WeakMap<FastifyRequest, T>, request: FastifyRequest): T {
	const logged = inFlight.get(request);
	if (!logged) throw new Error('The request has not been logged');
	return logged;
}

const defaultMessages: Record<number, string> = {
	429: 'Too many requests',
	500: 'Internal server error',
	504: 'Gateway timeout',
};

function sendError(
	api: ProviderApi,
	request: FastifyRequest,
	reply: FastifyReply,
	status: number,
	message = defaultMessages[status] ?? '',
): FastifyReply {
	return sendResponse(reply, api.errorResponse(status, message, request.url));
}

/** Applies the faults that replace the handler, so that nothing is written. */
async function applyBeforeHandler(faulty: FaultyRequest): Promise<FastifyReply | undefined> {
	const { fault, api, sandboxState, request, reply } = faulty;
	const fail = (status: number) => sendError(api, request, reply, status);
	switch (fault.kind) {
		case 'rateLimit':
			reply.header('retry-after', retryAfterValue(fault.retryAfter ?? 1));
			return fail(429);
		case 'rateLimitSilent':
			return fail(429);
		case 'serverErrorBefore':
			return fail(500);
		case 'badGateway':
			return reply.code(502).type('text/html; charset=utf-8').send(badGatewayPage);
		case 'timeoutBefore':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.timeout);
			return fail(504);
		case 'lateAccept':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.lateAccept);
			return undefined;
		case 'errorInside':
			return sendResponse(reply, { status: 200, body: { error: 'no' } });
		case 'emptyList':
			return sendResponse(reply, { status: 200, body: [] });
		case 'otherRecord': {
			const other = api.wrongRecordResponse(request);
			return sendResponse(reply, other ?? { status: 200, body: { id: 'another' } });
		}
		case 'queued':
			return sendResponse(reply, { status: 202, body: { status: 'queued' } });
		case 'dropBefore':
			request.socket.destroy();
			return reply.hijack();
		case 'html':
			return reply.code(200).type('text/html; charset=utf-8').send(maintenancePage);
		case 'empty':
			return reply.code(200).send();
		case 'redirect':
			return reply
				.code(302)
				.header('location', fault.location ?? 'https://elsewhere.invalid/login')
				.send();
		case 'unauthorized':
			return fail(401);
		case 'forbidden':
			return fail(403);
		default:
			return undefined;
	}
}

/** Applies the faults that change the response after the handler has written. */
async function applyAfterHandler(faulty: FaultyRequest, payload: unknown): Promise<unknown> {
	const { fault, api, sandboxState, request, reply } = faulty;
	const fail = (status: number) =>
		replaceResponse(reply, api.errorResponse(status, defaultMessages[status], request.url));
	switch (fault.kind) {
		case 'serverErrorAfter':
			return fail(500);
		case 'timeoutAfter':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.timeout);
			return fail(504);
		case 'slow':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.slow);
			return payload;
		case 'dropAfter':
			request.socket.destroy();
			return payload;
		case 'wrongContentType':
			reply.header('content-type', 'text/plain; charset=utf-8');
			return payload;
		default:
			return payload;
	}
}

function replaceResponse(reply: FastifyReply, response: ProviderResponse): string {
	reply.code(response.status);
	reply.removeHeader('content-length');
	reply.header('content-type', response.type ?? 'application/json; charset=utf-8');
	return response.body === undefined ? '' : JSON.stringify(response.body);
}

function retryAfterValue(value: number | string): string {
	const [, seconds] = /^date:\+(\d+)$/.exec(String(value)) ?? [];
	return seconds ? retryAfterHeader(Number(seconds) * 1000, 'date') : String(value);
}
