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

/**
 * Every request to a vendor passes here: it is noted, limited, its keys are checked, and it meets
 * its fault, before the handler or after it.
 */
export function addRequestHooks(
	scope: FastifyInstance,
	api: ProviderApi,
	sandboxState: SandboxState,
): void {
	const inFlight = new WeakMap<FastifyRequest, InFlightRequest & { round: number }>();
	const appliedFaults = new WeakMap<FastifyRequest, Fault>();

	scope.addHook('onRequest', async (request, reply) => {
		const inFlightRequest = {
			...sandboxState.requestLog.begin(api.name, request),
			round: sandboxState.resetCount,
		};
		inFlight.set(request, inFlightRequest);
		reply.raw.once('close', () => inFlightRequest.end());
		await sandboxState.delay(sandboxState.latencyOf(api.name));
		const tooFast = sandboxState.limits.take(api.name, request.url);
		if (tooFast) {
			if (tooFast.retryAfter !== 'none') {
				reply.header('retry-after', retryAfterHeader(tooFast.waitMs, tooFast.retryAfter));
			}
			return sendError(api, request, reply, 429, 'Too many requests');
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
		appliedFaults.set(request, fault);
		return applyBeforeHandler(fault, api, sandboxState, request, reply);
	});

	// What arrived before a reset must not change what is there after it.
	scope.addHook('preHandler', async (request, reply) => {
		if (inFlightOf(inFlight, request).round === sandboxState.resetCount) return;
		request.socket.destroy();
		return reply.hijack();
	});

	scope.addHook('onSend', async (request, reply, payload) => {
		const inFlightRequest = inFlightOf(inFlight, request);
		const fault = appliedFaults.get(request);
		const sent = fault
			? await applyAfterHandler(fault, api, sandboxState, request, reply, payload)
			: payload;
		inFlightRequest.entry.status =
			request.raw.destroyed || request.socket.destroyed ? null : reply.statusCode;
		inFlightRequest.end();
		return sent;
	});

	scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) =>
		sendError(api, request, reply, error.statusCode ?? 500, error.message),
	);
	scope.setNotFoundHandler((request, reply) =>
		sendError(api, request, reply, 404, 'No such endpoint'),
	);
}

/** Sends an answer as it is; text stays text and everything else becomes JSON. */
export function sendResponse(reply: FastifyReply, answer: ProviderResponse): FastifyReply {
	reply.code(answer.status);
	if (answer.body === undefined) return reply.send();
	return reply
		.header('content-type', answer.type ?? 'application/json; charset=utf-8')
		.send(JSON.stringify(answer.body));
}

function inFlightOf<T extends InFlightRequest>(
	visits: WeakMap<FastifyRequest, T>,
	request: FastifyRequest,
): T {
	const inFlightRequest = visits.get(request);
	if (!inFlightRequest) throw new Error('a request came in without passing the gate');
	return inFlightRequest;
}

function sendError(
	api: ProviderApi,
	request: FastifyRequest,
	reply: FastifyReply,
	status: number,
	message = '',
): FastifyReply {
	return sendResponse(reply, api.errorResponse(status, message, request.url));
}

/** Faults that answer in the handler's place, so that nothing is written. */
async function applyBeforeHandler(
	fault: Fault,
	api: ProviderApi,
	sandboxState: SandboxState,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<FastifyReply | undefined> {
	switch (fault.kind) {
		case 'rateLimit':
			reply.header('retry-after', retryAfterValue(fault.retryAfter ?? 1));
			return sendError(api, request, reply, 429, 'Too many requests');
		case 'rateLimitSilent':
			return sendError(api, request, reply, 429, 'Too many requests');
		case 'serverErrorBefore':
			return sendError(api, request, reply, 500, 'Internal server error');
		case 'badGateway':
			return reply.code(502).type('text/html; charset=utf-8').send(badGatewayPage);
		case 'timeoutBefore':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.timeout);
			return sendError(api, request, reply, 504, 'Gateway timeout');
		case 'lateAccept':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.lateAccept);
			return undefined;
		case 'errorInside':
			return sendResponse(reply, { status: 200, body: { error: 'no' } });
		case 'emptyList':
			return sendResponse(reply, { status: 200, body: [] });
		case 'otherRecord':
			return sendResponse(
				reply,
				api.wrongRecordResponse(request) ?? { status: 200, body: { id: 'another' } },
			);
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
			return sendError(api, request, reply, 401);
		case 'forbidden':
			return sendError(api, request, reply, 403);
		default:
			return undefined;
	}
}

/** Faults that meet the answer, after the handler has done its work. */
async function applyAfterHandler(
	fault: Fault,
	api: ProviderApi,
	sandboxState: SandboxState,
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
): Promise<unknown> {
	switch (fault.kind) {
		case 'serverErrorAfter':
			return replaceResponse(reply, api.errorResponse(500, 'Internal server error', request.url));
		case 'timeoutAfter':
			await sandboxState.delay(fault.delayMs ?? defaultDelayMs.timeout);
			return replaceResponse(reply, api.errorResponse(504, 'Gateway timeout', request.url));
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

function replaceResponse(reply: FastifyReply, answer: ProviderResponse): string {
	reply.code(answer.status);
	reply.removeHeader('content-length');
	reply.header('content-type', answer.type ?? 'application/json; charset=utf-8');
	return answer.body === undefined ? '' : JSON.stringify(answer.body);
}

function retryAfterValue(value: number | string): string {
	const [, seconds] = /^date:\+(\d+)$/.exec(String(value)) ?? [];
	return seconds ? retryAfterHeader(Number(seconds) * 1000, 'date') : String(value);
}
