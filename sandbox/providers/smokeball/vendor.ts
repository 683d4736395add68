import type { FastifyInstance, FastifyRequest } from 'fastify';
import { send } from '../../gate';
import { keys } from './keys';
import { person } from '../../people';
import { Records } from '../../records';
import {
	type Answer,
	bulkNumber,
	header,
	pathPart,
	reads,
	type VendorApi,
	writes,
} from '../../vendor';
import type { World } from '../../world';
import { type Cancellation, cancelBody, link, linked, type Subscription, tier } from './shapes';
import { smokeballTokens } from './tokens';

/**
 * Smokeball: the law firm's own subscription to Smokeball. The sample "people" are firms.
 * @see https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions
 */
export function smokeball(world: World): VendorApi {
	const { clock } = world;
	const records = new Records<Subscription>(
		({ id }) => id,
		({ who }) => [who],
	);
	const tokens = smokeballTokens(world);

	function subscription(
		id: string,
		who: string,
		{ endsIn = 12, ...fields }: Partial<Subscription> & { endsIn?: number } = {},
	): Subscription {
		return {
			...linked('/subscriptions', id),
			who,
			type: 0,
			productSuite: 'Smokeball',
			tier: tier('grow', 'Grow'),
			trialingTier: null,
			addOns: [],
			usages: [],
			discounts: [],
			status: 'Active',
			interval: 'Monthly',
			quantity: 5,
			createdDate: clock.midnight(-300),
			trialStatus: 'None',
			currentPeriodStartDate: clock.midnight(endsIn - 30),
			currentPeriodEndDate: clock.midnight(endsIn),
			cancellationStatus: 'None',
			...fields,
		};
	}

	/** Brings the record up to the present and returns it. */
	function current(record: Subscription): Subscription {
		const isDue = record.cancelAt && new Date(record.cancelAt) <= clock.now();
		if (record.cancellationStatus === 'Pending' && isDue) {
			Object.assign(record, {
				status: 'Canceled',
				cancellationStatus: 'Canceled',
				canceledAt: record.cancelAt,
			});
		}
		return record;
	}

	/** What the request would lead to, or why it leads to nothing. */
	function plan(record: Subscription, wish: Cancellation): Plan | Answer {
		const { cancellationType: type = 'PeriodEnd', cancelSubscription: force } = wish;
		if (!record.status) return problem(400, 'The firm does not have a platform subscription.');
		// Assumption: what is cancelled cannot be cancelled again; what is pending can.
		if (record.status === 'Canceled') return problem(400, 'The subscription is canceled.');
		if (type === 'Date' && !wish.cancelAt) {
			return problem(400, 'cancelAt is required with the cancellation type Date.');
		}
		if (record.trialingTier && !force) {
			// Assumption: "only works with PeriodEnd" means that the others are refused.
			if (type !== 'PeriodEnd') {
				return problem(400, 'Trials can only be canceled with the type PeriodEnd.');
			}
			return { behaviour: 'CancelTrials', type, cancelAt: record.trialPeriodEndDate ?? null };
		}
		// Assumption: "immediately cancels" is meant as it is written, whatever the type says.
		if (force || type === 'Immediate') {
			return { behaviour: 'Cancel', type: 'Immediate', cancelAt: null };
		}
		const cancelAt = type === 'Date' ? wish.cancelAt : record.currentPeriodEndDate;
		// Assumption: a date in the past is refused.
		if (new Date(cancelAt ?? '') < clock.now()) return problem(400, 'cancelAt is in the past.');
		return { behaviour: 'Cancel', type, cancelAt: cancelAt ?? null };
	}

	function cancel(request: FastifyRequest): Answer {
		const record = records.get(pathPart(request, 'id'));
		if (!record) return problem(404, 'Subscription not found.');
		const wish = request.body as Cancellation;
		const planned = plan(current(record), wish);
		if ('status' in planned) return planned;
		if (!wish.preview) {
			carryOut(planned, record);
			accept(request, 'cancel', record, 200);
		}
		return {
			status: 200,
			body: {
				preview: wish.preview ?? false,
				cancellationType: planned.type,
				cancellationBehaviour: planned.behaviour,
				cancelAt: planned.cancelAt,
				reason: wish.reason ?? null,
				tier: record.tier,
				addOns: record.addOns,
			},
		};
	}

	function carryOut(planned: Plan, record: Subscription): void {
		const now = clock.now().toISOString();
		if (planned.behaviour === 'CancelTrials') {
			if (record.trialingTier) record.trialingTier.cancellationStatus = 'Pending';
			return;
		}
		const isNow = planned.type === 'Immediate';
		Object.assign(record, {
			cancellationType: planned.type,
			cancellationStatus: isNow ? 'Canceled' : 'Pending',
			canceledAt: now,
			cancelAt: planned.cancelAt,
			...(isNow ? { status: 'Canceled', trialingTier: null, trialStatus: 'None' } : {}),
		});
	}

	function resume(request: FastifyRequest): Answer {
		const record = records.get(pathPart(request, 'id'));
		if (!record) return problem(404, 'Subscription not found.');
		const { status, cancellationStatus } = current(record);
		// Assumption: where nothing is pending or cancelled there is nothing to resume.
		if (status !== 'Canceled' && cancellationStatus !== 'Pending') {
			return problem(400, 'The subscription is not canceled.');
		}
		const charged = record.chargeFails ? 'PastDue' : 'Active';
		Object.assign(record, {
			status: status === 'Canceled' ? charged : status,
			cancellationStatus: 'None',
			cancellationType: undefined,
			canceledAt: undefined,
			cancelAt: undefined,
		});
		accept(request, 'resume', record, 202);
		return { status: 202, body: link('/subscriptions', record.id) };
	}

	function accept(
		request: FastifyRequest,
		operation: string,
		{ id }: Subscription,
		status: number,
	): void {
		world.traffic.accept('smokeball', request, { operation, target: id, record: id, status });
	}

	function addRoutes(scope: FastifyInstance): void {
		const target = (request: FastifyRequest) => pathPart(request, 'id');
		scope.removeContentTypeParser('text/plain');
		const parser = scope.getDefaultJsonParser('error', 'ignore');
		scope.addContentTypeParser(/^application\/[\w.-]+\+json/, { parseAs: 'string' }, parser);
		tokens.addRoutes(scope);
		scope.patch(
			'/subscriptions/:id/cancel',
			{
				config: writes(target, ({ body }) => !(body as Cancellation | undefined)?.preview),
				schema: { body: cancelBody },
			},
			(request, reply) => send(reply, cancel(request)),
		);
		scope.patch(
			'/subscriptions/:id/resume',
			// Assumption: the empty object is needed, and has to be empty.
			{ config: writes(target), schema: { body: { type: 'object', maxProperties: 0 } } },
			(request, reply) => send(reply, resume(request)),
		);
		scope.get('/subscriptions', { config: reads() }, (_request, reply) =>
			send(reply, {
				status: 200,
				body: {
					...linked('', 'subscriptions'),
					value: records.all().map(current).map(view),
				},
			}),
		);
		scope.get('/subscriptions/:id', { config: reads(target) }, (request, reply) => {
			const record = records.get(target(request));
			return send(
				reply,
				record
					? { status: 200, body: view(current(record)) }
					: problem(404, 'Subscription not found.'),
			);
		});
		scope.get('/webhooks/types', { config: reads() }, (_request, reply) =>
			send(reply, { status: 200, body: ['contact.created', 'firm.updated', 'error'] }),
		);
		scope.get('/firm', { config: reads() }, (_request, reply) =>
			send(reply, { status: 200, body: { id: 'b471682e-0000-4e46-b7fe-000000000000' } }),
		);
	}

	function addSamples(): void {
		const add = (who: string, fields?: Partial<Subscription> & { endsIn?: number }) => {
			const { number } = person(who);
			const id = `b471682e-fa17-4e46-b7fe-${String(number).padStart(12, '0')}`;
			records.put(subscription(id, who, fields));
		};
		add('ada');
		add('ben', {
			trialStatus: 'Trialing',
			trialPeriodStartDate: clock.midnight(-10),
			trialPeriodEndDate: clock.midnight(4),
			trialingTier: {
				...tier('prosper', 'Prosper'),
				cancellationStatus: 'None',
				activationDate: clock.midnight(-10),
				expirationDate: clock.midnight(4),
			},
		});
		add('cleo', {
			status: 'Canceled',
			cancellationStatus: 'Canceled',
			cancellationType: 'Immediate',
			canceledAt: clock.midnight(-3),
		});
		add('dora', {
			cancellationStatus: 'Pending',
			cancellationType: 'PeriodEnd',
			canceledAt: clock.midnight(-1),
			cancelAt: clock.midnight(12),
		});
		add('fay', { status: 'PastDue', chargeFails: true });
		add('gus', {
			status: 'Canceled',
			cancellationStatus: 'Canceled',
			cancellationType: 'PeriodEnd',
			canceledAt: clock.midnight(-20),
			chargeFails: true,
			endsIn: -20,
		});
		add('hana', { status: undefined, tier: null });
		add('kim', { interval: 'Yearly', endsIn: 200 });
	}

	return {
		addRoutes,
		turnsAway(request) {
			if (request.url.startsWith('/smokeball/oauth2/')) return undefined;
			if (!tokens.accepts(header(request, 'authorization'))) return 401;
			return header(request, 'x-api-key') === keys.apiKey ? undefined : 403;
		},
		refusal: (status, text) => problem(status, text || 'Access is denied.'),
		clear() {
			records.clear();
			tokens.clear();
		},
		addSamples,
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const who = `${prefix}_${bulkNumber(index)}`;
				records.put(subscription(`sub_${who}`, who));
			}
		},
		rows: () =>
			records.all().map((record) => {
				const { who, id: target, status, cancellationStatus, cancelAt } = current(record);
				const ending = cancellationStatus === 'Pending' ? ', cancellation pending' : '';
				const trial = record.trialingTier ? ', trial tier' : '';
				return {
					who,
					target,
					state: (status ?? 'no status') + ending + trial,
					endsAt: status === 'Canceled' ? null : (cancelAt ?? record.currentPeriodEndDate),
				};
			}),
		namesOf(target) {
			const record = records.get(target);
			return record && { record: record.id, names: records.names(record) };
		},
		change: (target, change) => records.change(target, change),
		remove: (target) => records.remove(target),
	};
}

interface Plan {
	behaviour: 'Cancel' | 'CancelTrials';
	type: string;
	cancelAt: string | null;
}

const titles: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	415: 'Unsupported Media Type',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	504: 'Gateway Timeout',
};

/** RFC 7807, with the vendor's array of errors. */
function problem(status: number, detail: string): Answer {
	const body = {
		type: `https://httpstatuses.io/${status}`,
		title: titles[status] ?? 'Error',
		status,
		detail,
		instance: null,
		errors: [],
	};
	return { status, body, type: 'application/problem+json' };
}

/** A subscription without what only the sandbox knows. */
function view(record: Subscription): object {
	const shown: Partial<Subscription> = { ...record };
	delete shown.who;
	delete shown.chargeFails;
	return shown;
}
