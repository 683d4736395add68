import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { retryAfterHeader } from './limits';
import type { Fault } from './scenario';
import type { Visit } from './traffic';
import type { Answer, Vendor } from './vendor';
import type { World } from './world';

const badGatewayPage =
	'<html><head><title>502 Bad Gateway</title></head>' +
	'<body><center><h1>502 Bad Gateway</h1></center></body></html>';
const strayPage = '<!doctype html><html><body><h1>We will be right back</h1></body></html>';
const unless = { timeout: 60_000, lateAccept: 1_500, slow: 1_000 };

/**
 * Every request to a vendor passes here: it is noted, limited, its keys are checked, and it meets
 * its fault, before the handler or after it.
 */
export function gate(scope: FastifyInstance, vendor: Vendor, world: World): void {
	const visits = new WeakMap<FastifyRequest, Visit & { round: number }>();
	const struck = new WeakMap<FastifyRequest, Fault>();

	scope.addHook('onRequest', async (request, reply) => {
		const visit = { ...world.traffic.enter(vendor.name, request), round: world.round };
		visits.set(request, visit);
		reply.raw.once('close', () => visit.leave());
		await world.pause(world.latencyOf(vendor.name));
		const tooFast = world.limits.take(vendor.name, request.url);
		if (tooFast) {
			if (tooFast.retryAfter !== 'none') {
				reply.header('retry-after', retryAfterHeader(tooFast.waitMs, tooFast.retryAfter));
			}
			return refuse(vendor, request, reply, 429, 'Too many requests');
		}
		const status = vendor.turnsAway(request);
		if (status) return refuse(vendor, request, reply, status);
	});

	scope.addHook('preValidation', async (request, reply) => {
		const { entry } = visitOf(visits, request);
		entry.body = request.body;
		const { call } = request.routeOptions.config;
		if (!call) return;
		entry.effect = call.effect(request);
		entry.target = call.target(request);
		const known = entry.target === undefined ? undefined : vendor.namesOf(entry.target);
		const fault = world.faults.strike({
			provider: vendor.name,
			effect: entry.effect,
			record: known?.record ?? entry.target ?? '',
			names: [...(entry.target === undefined ? [] : [entry.target]), ...(known?.names ?? [])],
		});
		if (!fault) return;
		entry.fault = fault.kind;
		struck.set(request, fault);
		return strikeBefore(fault, vendor, world, request, reply);
	});

	// What arrived before a reset must not change what is there after it.
	scope.addHook('preHandler', async (request, reply) => {
		if (visitOf(visits, request).round === world.round) return;
		request.socket.destroy();
		return reply.hijack();
	});

	scope.addHook('onSend', async (request, reply, payload) => {
		const visit = visitOf(visits, request);
		const fault = struck.get(request);
		const sent = fault ? await strikeAfter(fault, vendor, world, request, reply, payload) : payload;
		visit.entry.status =
			request.raw.destroyed || request.socket.destroyed ? null : reply.statusCode;
		visit.leave();
		return sent;
	});

	scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) =>
		refuse(vendor, request, reply, error.statusCode ?? 500, error.message),
	);
	scope.setNotFoundHandler((request, reply) =>
		refuse(vendor, request, reply, 404, 'No such endpoint'),
	);
}

/** Sends an answer as it is; text stays text and everything else becomes JSON. */
export function send(reply: FastifyReply, answer: Answer): FastifyReply {
	reply.code(answer.status);
	if (answer.body === undefined) return reply.send();
	return reply
		.header('content-type', answer.type ?? 'application/json; charset=utf-8')
		.send(JSON.stringify(answer.body));
}

function visitOf<T extends Visit>(visits: WeakMap<FastifyRequest, T>, request: FastifyRequest): T {
	const visit = visits.get(request);
	if (!visit) throw new Error('a request came in without passing the gate');
	return visit;
}

function refuse(
	vendor: Vendor,
	request: FastifyRequest,
	reply: FastifyReply,
	status: number,
	message = '',
): FastifyReply {
	return send(reply, vendor.refusal(status, message, request.url));
}

/** Faults that answer in the handler's place, so that nothing is written. */
async function strikeBefore(
	fault: Fault,
	vendor: Vendor,
	world: World,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<FastifyReply | undefined> {
	switch (fault.kind) {
		case 'rateLimit':
			reply.header('retry-after', retryAfter(fault.retryAfter ?? 1));
			return refuse(vendor, request, reply, 429, 'Too many requests');
		case 'rateLimitSilent':
			return refuse(vendor, request, reply, 429, 'Too many requests');
		case 'serverErrorBefore':
			return refuse(vendor, request, reply, 500, 'Internal server error');
		case 'badGateway':
			return reply.code(502).type('text/html; charset=utf-8').send(badGatewayPage);
		case 'timeoutBefore':
			await world.pause(fault.delayMs ?? unless.timeout);
			return refuse(vendor, request, reply, 504, 'Gateway timeout');
		case 'lateAccept':
			await world.pause(fault.delayMs ?? unless.lateAccept);
			return undefined;
		case 'errorInside':
			return send(reply, { status: 200, body: { error: 'no' } });
		case 'emptyList':
			return send(reply, { status: 200, body: [] });
		case 'otherRecord':
			return send(reply, vendor.ofAnother(request) ?? { status: 200, body: { id: 'another' } });
		case 'queued':
			return send(reply, { status: 202, body: { status: 'queued' } });
		case 'dropBefore':
			request.socket.destroy();
			return reply.hijack();
		case 'html':
			return reply.code(200).type('text/html; charset=utf-8').send(strayPage);
		case 'empty':
			return reply.code(200).send();
		case 'redirect':
			return reply
				.code(302)
				.header('location', fault.location ?? 'https://elsewhere.invalid/login')
				.send();
		case 'unauthorized':
			return refuse(vendor, request, reply, 401);
		case 'forbidden':
			return refuse(vendor, request, reply, 403);
		default:
			return undefined;
	}
}

/** Faults that meet the answer, after the handler has done its work. */
async function strikeAfter(
	fault: Fault,
	vendor: Vendor,
	world: World,
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
): Promise<unknown> {
	switch (fault.kind) {
		case 'serverErrorAfter':
			return replaced(reply, vendor.refusal(500, 'Internal server error', request.url));
		case 'timeoutAfter':
			await world.pause(fault.delayMs ?? unless.timeout);
			return replaced(reply, vendor.refusal(504, 'Gateway timeout', request.url));
		case 'slow':
			await world.pause(fault.delayMs ?? unless.slow);
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

function replaced(reply: FastifyReply, answer: Answer): string {
	reply.code(answer.status);
	reply.removeHeader('content-length');
	reply.header('content-type', answer.type ?? 'application/json; charset=utf-8');
	return answer.body === undefined ? '' : JSON.stringify(answer.body);
}

function retryAfter(value: number | string): string {
	const [, seconds] = /^date:\+(\d+)$/.exec(String(value)) ?? [];
	return seconds ? retryAfterHeader(Number(seconds) * 1000, 'date') : String(value);
}
