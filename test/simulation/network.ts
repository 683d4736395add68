import type { IHttpRequestOptions } from 'n8n-workflow';

import { completesBefore, failure, failures, gateways, isReply, refusals } from './answers';
import type { ProviderModel, Reply, WireRequest, Work } from './models/providerModel';
import type { Answer, Fault, World } from './world';
import { randomFrom, type VirtualTime } from './virtualTime';

/** One request as it left a process, and what became of it. */
export interface SentRequest {
	run: number;
	sentAt: number;
	kind: 'write' | 'read' | 'search' | 'preview';
	target: string;
	line: string;
	timeout: number;
	fault?: Fault;
	/** Whom a write was for, and when the provider carried it out; absent: it did not. */
	customer?: number;
	acceptedAt?: number;
	/** What the node got, and when. */
	answer?: Reply | string;
	answeredAt?: number;
	status?: number;
}

/** Milliseconds on the way, in each direction. */
const latencies = { steady: [20], varied: [20, 20, 50, 300, 1200, 4000] };

/** The way from the processes to the provider and back. */
export class Network {
	readonly requests: SentRequest[] = [];
	private readonly counts: Record<string, number> = {};
	private isSound = false;
	private readonly random: () => number;

	/** @param former the provider as it was, which a cache shows */
	constructor(
		private readonly world: Pick<World, 'faults' | 'latency' | 'seed'>,
		private readonly model: ProviderModel,
		private readonly former: ProviderModel,
		private readonly time: VirtualTime,
	) {
		this.random = randomFrom(world.seed);
	}

	private latency(): number {
		const all = latencies[this.isSound ? 'steady' : this.world.latency];
		return all.length === 1 ? all[0] : all[Math.floor(this.random() * all.length)];
	}

	/** From now on nothing goes wrong. */
	heal(): void {
		this.isSound = true;
	}

	/** Sends one request, as n8n's helper does. @param key the secret that signs it */
	async send(
		run: number,
		key: string,
		options: IHttpRequestOptions,
	): Promise<{ statusCode: number; headers: object; body: unknown }> {
		const request = this.parse(options);
		const { kindOf, targetOf } = this.model;
		const sent: SentRequest = {
			run,
			sentAt: this.time.now,
			kind: kindOf.call(this.model, request),
			target: targetOf.call(this.model, request),
			line: `${request.method} ${options.url.slice(this.model.baseUrl.length)}${typeof options.body === 'string' ? ` ${options.body}` : ''}`,
			timeout: options.timeout ?? 0,
		};
		sent.fault = this.faultFor(sent.kind);
		this.requests.push(sent);
		return await new Promise((resolve, reject) => {
			const fail = (name: string) => {
				if (sent.answeredAt !== undefined) return;
				sent.answer = failures[name].code;
				sent.answeredAt = this.time.now;
				reject(failure(name));
			};
			options.abortSignal?.addEventListener?.('abort', () => fail('cancelled'));
			const answer = (reply: Reply) => {
				if (sent.answeredAt !== undefined) return;
				Object.assign(sent, {
					answer: reply,
					answeredAt: this.time.now,
					status: reply.status,
				});
				resolve({
					statusCode: reply.status,
					headers: { ...reply.headers },
					body: clone(reply.body),
				});
			};
			this.transport(sent, request, { answer, fail, key });
		});
	}

	private parse(options: IHttpRequestOptions): WireRequest {
		const url = new URL(options.url);
		const base = new URL(this.model.baseUrl).pathname;
		const body =
			typeof options.body === 'string' && options.body !== '' ? JSON.parse(options.body) : {};
		return {
			method: options.method ?? 'GET',
			path: decodeURIComponent(url.pathname.slice(base === '/' ? 0 : base.length)),
			query: url.searchParams,
			body: body as Record<string, unknown>,
		};
	}

	private faultFor(kind: string): Fault | undefined {
		const count = (this.counts[kind] = (this.counts[kind] ?? 0) + 1) - 1;
		if (this.isSound) return undefined;
		return this.world.faults.find(
			({ on, nth, times }) => on === kind && nth <= count && count < nth + times,
		);
	}

	private transport(
		sent: SentRequest,
		request: WireRequest,
		node: { answer(reply: Reply): void; fail(name: string): void; key: string },
	): void {
		const { fault } = sent;
		const way = fault?.answer ?? 'own';
		const there = this.latency();
		const back = this.latency();
		if (way === 'notConnected') return this.time.after(there, () => node.fail('notConnected'));
		if (way === 'silence') this.time.after(sent.timeout, () => node.fail('timeout'));
		const isOwn = way === 'own';
		const mayReach = !fault || (fault.reaches && !refusals.includes(String(way)) && !isReply(way));
		const workMs = fault?.workMs ?? 0;
		const answerMs = fault?.answerMs ?? 0;
		// Made at once, and long on its way back.
		const answerLater = (reply: Reply) =>
			this.time.after(back + answerMs, () => node.answer(reply));
		if (isOwn || mayReach) {
			this.time.after(there, () => {
				const work = this.model.receive(request);
				const atOnce = completesBefore.includes(String(way));
				this.carryOut(sent, work, atOnce ? 0 : workMs, (reply) => isOwn && answerLater(reply));
			});
		}
		if (isOwn || way === 'silence' || way === 'drip') return;
		const at = there + back + answerMs;
		this.time.after(at, () => {
			if (way === 'reset') node.fail('reset');
			else node.answer(this.replyFor(way, request, node.key));
		});
	}

	private carryOut(
		sent: SentRequest,
		work: Work,
		ms: number,
		answer: (reply: Reply) => void,
	): void {
		this.time.after(ms, () => {
			if (work.kind === 'answer') return answer(work.reply);
			const { customer } = work;
			const before = this.model.acceptances.length;
			const reply = work.carryOut();
			if (this.model.acceptances.length > before) {
				Object.assign(sent, { customer, acceptedAt: this.time.now });
			}
			answer(reply);
		});
	}

	private replyFor(way: Answer, request: WireRequest, key: string): Reply {
		const { model } = this;
		if (isReply(way))
			return { ...way, body: way.status === 429 ? model.ownError(429, 'Slow down') : '' };
		const own = (status: number, text: string) => ({ status, body: model.ownError(status, text) });
		switch (way) {
			case 'own500':
				return own(500, 'Something went wrong on our side');
			case 'own401':
				return own(401, `The key ${key} has been revoked`);
			case 'own403':
				return own(403, `This record is archived; the key ${key} may not change it`);
			case 'own429':
				return own(429, 'Slow down');
			case 'odd2xx':
				return model.oddSuccess(request);
			case 'empty204':
				return { status: 204, body: '' };
			case 'otherRecord':
				return this.otherRecord(request);
			case 'cachedAnd503':
				return { ...this.readFrom(this.former, request), status: 503 };
			case 'emptyListAnd401':
				return { status: 401, body: { data: [], result: [] } };
			default:
				return gateways[way];
		}
	}

	/** A cache's answer: the record of the customer whose ID differs in capitals alone. */
	private otherRecord(request: WireRequest): Reply {
		const target = this.model.targetOf(request);
		const last = target.slice(-1);
		const twin = last === last.toUpperCase() ? last.toLowerCase() : last.toUpperCase();
		const isFirst = target.toLowerCase() === 'ada0@example.com';
		const stranger = isFirst ? 'ada1@example.com' : 'ada0@example.com';
		const other = target.includes('@') ? stranger : target.slice(0, -1) + twin;
		const { model } = this;
		const { entries } = model;
		if (
			!entries.some(({ id, email, state }) => state !== 'unknown' && [id, email].includes(other))
		) {
			return gateways.empty200;
		}
		const swap = (text: string) => text.replace(target, other);
		const query = new URLSearchParams(
			[...request.query].map(([name, value]) => [name, swap(value)]),
		);
		const path = swap(request.path.replace('/cancel', ''));
		const reply = this.readFrom(model, { ...request, method: 'GET', path, query });
		return reply.status === 200 ? reply : gateways.empty200;
	}

	private readFrom(model: ProviderModel, request: WireRequest): Reply {
		const work = model.receive({
			...request,
			method: request.method === 'GET' ? 'GET' : 'HEAD',
		});
		return work.kind === 'answer' ? work.reply : gateways.empty200;
	}
}

const clone = (body: unknown): unknown =>
	typeof body === 'object' && body !== null ? (JSON.parse(JSON.stringify(body)) as unknown) : body;
