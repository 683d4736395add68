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
	textIn,
	type VendorApi,
	whoIs,
	writes,
} from '../../vendor';
import type { World } from '../../world';

/** What the vendor keeps; `uid` is never shown in an answer. */
interface Referral {
	id: string;
	uid: string;
	email: string;
	/** clicked, converted, paid, churned, rejected */
	state: string;
	/** Unix seconds, as the two below. */
	state_set_at: number;
	created_at: number;
	updated_at: number;
}

const identifierNeeded =
	'Validation failed: one of referral_uid, referral_id or referral_email is required';

/**
 * Reditus' Affiliate Program API: referrals, churn, and payments, which undo a churn.
 * @see https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn
 * @see https://docs.getreditus.com/affiliate-program-api/v1/payments
 */
export function reditus(world: World): VendorApi {
	const { clock } = world;
	const records = new Records<Referral>(
		({ id }) => id,
		({ uid, email }) => [uid, email],
	);
	const payments = new Set<string>();

	const seconds = (time = clock.now().getTime()) => Math.floor(time / 1000);
	const daysAgo = (days: number) => seconds(Date.parse(clock.midnight(-days)));

	function referral(who: string, email: string, state: string): Referral {
		return {
			id: `ref_${who}`,
			uid: `cus_${who}`,
			email,
			state,
			state_set_at: daysAgo(10),
			created_at: daysAgo(60),
			updated_at: daysAgo(10),
		};
	}

	/** Assumption: the first identifier that is given decides; there is no falling back. */
	function lookUp(body: unknown): Referral | undefined {
		const uid = textIn(body, 'referral_uid');
		const id = textIn(body, 'referral_id');
		const email = textIn(body, 'referral_email');
		if (!uid && id) return records.get(id);
		const record = records.named(uid ?? email ?? '');
		// Assumption: e-mails and uids are compared exactly, capitals included.
		return (uid ? record?.uid === uid : record?.email === email) ? record : undefined;
	}

	function setState(record: Referral, state: string, at = seconds()): void {
		Object.assign(record, { state, state_set_at: at, updated_at: at });
	}

	function setStateOf(target: string, state: string, at: string): boolean {
		const record = records.named(target);
		if (record) setState(record, state, seconds(Date.parse(at)));
		return record !== undefined;
	}

	function churn(request: FastifyRequest): Answer {
		const target = addressed(request);
		if (!target) return refused(400, identifierNeeded);
		const record = lookUp(request.body);
		if (!record) return refused(404, 'Referral not found');
		// Assumption: only who converted or paid can be churned; the page shows the words for 'clicked'.
		if (record.state !== 'converted' && record.state !== 'paid') {
			const isRepeated = record.state === 'churned';
			return refused(422, isRepeated ? secondChurn() : cannotBeChurned(record.state));
		}
		setState(record, 'churned');
		accept(request, 'churn', target, record, 200);
		return { status: 200, body: { data: view(record) } };
	}

	/** Assumption: no page shows the words for somebody who has churned already. */
	function secondChurn(): string {
		switch (world.settings.assumes('reditus', 'secondChurn')) {
			case 'already':
				return 'Referral has already churned';
			case 'noState':
				return 'Referral cannot be churned';
			default:
				return cannotBeChurned('churned');
		}
	}

	function pay(request: FastifyRequest): Answer {
		const target = addressed(request);
		const key = textIn(request.body, 'idempotency_key') ?? '';
		if (!target) return refused(400, identifierNeeded);
		if (payments.has(key)) {
			return refused(400, { idempotency_key: ['has already been taken'] });
		}
		const record = lookUp(request.body);
		if (!record) return refused(404, 'Referral not found');
		if (record.state === 'rejected') return refused(400, { referral: ['is rejected'] });
		payments.add(key);
		setState(record, 'paid');
		accept(request, 'payment', target, record, 202);
		return {
			status: 202,
			body: { data: { id: `pay_${payments.size}`, type: 'payment', attributes: request.body } },
		};
	}

	function accept(
		request: FastifyRequest,
		operation: string,
		target: string,
		{ id, email }: Referral,
		status: number,
	): void {
		world.traffic.accept('reditus', request, { operation, target, record: id, email, status });
	}

	function list(request: FastifyRequest): Answer {
		const query = request.query as Record<string, string | undefined>;
		const times = [...timeFilters].map(([name, test]) => ({ name, test, text: query[name] }));
		for (const { name, text } of times) {
			if (text !== undefined && Number.isNaN(secondsIn(text))) {
				return refused(400, `Validation failed: ${name} is not a valid time`);
			}
		}
		const page = Math.max(1, Number(query.page ?? 1));
		// Assumption: 20 by default; a page larger than 50 is cut down to 50 without a word.
		const perPage = Math.min(50, Math.max(1, Number(query.per_page ?? 20)));
		const found = records
			.all()
			.filter(
				(record) =>
					[undefined, record.state].includes(query.state_eq) &&
					[undefined, record.email].includes(query.email_eq) &&
					times.every(({ test, text }) => text === undefined || test(record, secondsIn(text))),
			);
		const data = found.slice((page - 1) * perPage, page * perPage).map(view);
		const pagination = { page, per_page: perPage, has_more: page * perPage < found.length };
		return { status: 200, body: { data, meta: { pagination } } };
	}

	function addRoutes(scope: FastifyInstance): void {
		scope.post(
			'/v1/referrals/churn',
			{ config: writes(addressed), schema: { body: identifiers } },
			(request, reply) => send(reply, churn(request)),
		);
		scope.post(
			'/v1/payments',
			{ config: writes(addressed), schema: { body: payment } },
			(request, reply) => send(reply, pay(request)),
		);
		scope.get(
			'/v1/referrals',
			{
				config: reads(({ query }) => textIn(query, 'email_eq')),
				schema: { querystring: listQuery },
			},
			(request, reply) => send(reply, list(request)),
		);
		scope.get(
			'/v1/referrals/:id',
			{ config: reads((request) => pathPart(request, 'id')) },
			(request, reply) => {
				const record = records.get(pathPart(request, 'id'));
				return send(
					reply,
					record
						? { status: 200, body: { data: view(record) } }
						: refused(404, 'Referral not found'),
				);
			},
		);
	}

	return {
		addRoutes,
		turnsAway: (request) =>
			header(request, 'authorization') === `Bearer ${keys.apiToken}` ? undefined : 401,
		refusal: (status, text) =>
			// Assumption: refusals that no page shows have the documented shape; 429 is not described.
			status === 429
				? { status, body: { message: text } }
				: refused(status, status === 400 ? `Validation failed: ${text}` : text || 'No access'),
		ofAnother({ method, params, url }) {
			const another = view(referral('another', 'another@example.com', 'churned'));
			if (method === 'GET' && !('id' in (params as object))) {
				const pagination = { page: 1, per_page: 20, has_more: false };
				return { status: 200, body: { data: [another], meta: { pagination } } };
			}
			return { status: url.includes('/payments') ? 202 : 200, body: { data: another } };
		},
		clear() {
			records.clear();
			payments.clear();
		},
		addSamples() {
			// Hana is missing on purpose: a customer who is not a referral.
			const states: Record<string, string> = {
				ada: 'paid',
				ben: 'clicked',
				cleo: 'churned',
				dora: 'converted',
				emil: 'paid',
				fay: 'paid',
				gus: 'rejected',
				ivo: 'clicked',
				june: 'converted',
				kim: 'paid',
				twin: 'paid',
				renewed: 'paid',
				mixed: 'converted',
				capital: 'paid',
				many: 'paid',
			};
			for (const [who, state] of Object.entries(states)) {
				records.put(referral(who, person(who).email, state));
			}
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const who = `${prefix}_${bulkNumber(index)}`;
				records.put(referral(who, `${who}@example.com`, 'paid'));
			}
		},
		rows: () =>
			records.all().map(({ uid, email, state }) => ({
				who: whoIs(email),
				target: uid,
				email,
				state,
			})),
		namesOf(target) {
			const record = records.named(target);
			return record && { record: record.id, email: record.email, names: records.names(record) };
		},
		change(target, change) {
			const isNewState = 'state' in change && records.named(target)?.state !== change.state;
			const times = { updated_at: seconds(), ...(isNewState && { state_set_at: seconds() }) };
			return records.change(target, { ...times, ...change });
		},
		// There is no webhook for a churn: who wants to know has to ask.
		leaves: (target, { at }) => setStateOf(target, 'churned', at),
		returns: (target, { at }) => setStateOf(target, 'paid', at),
		remove: (target) => records.remove(target),
	};
}

function addressed({ body }: FastifyRequest): string | undefined {
	return (
		textIn(body, 'referral_uid') ?? textIn(body, 'referral_id') ?? textIn(body, 'referral_email')
	);
}

function cannotBeChurned(state: string): string {
	return `Referral in state '${state}' cannot be churned`;
}

const titles: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	422: 'Unprocessable entity',
	500: 'Internal Server Error',
};

function refused(status: number, details: string | Record<string, string[]>): Answer {
	return { status, body: { errors: [{ title: titles[status] ?? 'Error', details }] } };
}

function view(record: Referral): Record<string, unknown> {
	const { id, email, state, state_set_at, created_at, updated_at } = record;
	const attributes = { email, state, state_set_at, created_at, updated_at };
	return { id, type: 'referral', attributes };
}

/** Unix seconds of a time such as `2022-12-24 12:47:45 +0200`; NaN if the plus got lost. */
function secondsIn(text: string): number {
	const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}) ?([+-]\d{2}):?(\d{2})$/.exec(text);
	if (!parts) return Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : '') / 1000;
	const [, day, time, hours, minutes] = parts;
	return Date.parse(`${day}T${time}${hours}:${minutes}`) / 1000;
}

const timeFilters = new Map<string, (record: Referral, time: number) => boolean>([
	['created_at_lt', ({ created_at: at }, time) => at < time],
	['created_at_gt', ({ created_at: at }, time) => at > time],
	['state_set_at_lt', ({ state_set_at: at }, time) => at < time],
	['state_set_at_gt', ({ state_set_at: at }, time) => at > time],
]);

const identifiers = {
	type: 'object',
	properties: {
		referral_uid: { type: 'string' },
		referral_id: { type: 'string' },
		referral_email: { type: 'string' },
	},
};

const payment = {
	type: 'object',
	required: ['idempotency_key', 'amount', 'currency'],
	properties: {
		...identifiers.properties,
		idempotency_key: { type: 'string' },
		amount: { type: 'integer' },
		currency: { type: 'string', pattern: '^[a-z]{3}$' },
	},
};

const digits = { type: 'string', pattern: '^[0-9]+$' };

const listQuery = { type: 'object', properties: { page: digits, per_page: digits } };
