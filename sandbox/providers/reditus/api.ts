import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { Records } from '../../records';
import {
	type ProviderResponse,
	bulkSuffix,
	header,
	pathParameter,
	readRoute,
	stringField,
	type ApiImplementation,
	customerName,
	writeRoute,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { keys } from './keys';
import { type Referral, referral, sampleReferrals, view } from './referral';
import { churnError, errorResponse } from './errors';
import { identifiers, listQuery, payment } from './schemas';
import { secondsIn, timeFilters } from './times';

const identifierNeeded =
	'Validation failed: one of referral_uid, referral_id or referral_email is required';

/**
 * Reditus' Affiliate Program API: referrals, churn, and payments, which undo a churn.
 * @see https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn
 * @see https://docs.getreditus.com/affiliate-program-api/v1/payments
 */
export function createReditusApi(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new Records<Referral>(
		({ id }) => id,
		({ uid, email }) => [uid, email],
	);
	const payments = new Set<string>();

	const seconds = (time = clock.now().getTime()) => Math.floor(time / 1000);

	/** Assumption: the first identifier that is given decides; there is no falling back. */
	function lookUp(body: unknown): Referral | undefined {
		const uid = stringField(body, 'referral_uid');
		const id = stringField(body, 'referral_id');
		const email = stringField(body, 'referral_email');
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

	function churn(request: FastifyRequest): ProviderResponse {
		const target = targetOf(request);
		if (!target) return errorResponse(400, identifierNeeded);
		const record = lookUp(request.body);
		if (!record) return errorResponse(404, 'Referral not found');
		// Assumption: only the states converted and paid can be churned; the documents show the error for 'clicked'.
		if (record.state !== 'converted' && record.state !== 'paid') {
			const isRepeated = record.state === 'churned';
			return errorResponse(422, isRepeated ? secondChurnError() : churnError(record.state));
		}
		setState(record, 'churned');
		accept(request, 'churn', target, record, 200);
		return { status: 200, body: { data: view(record) } };
	}

	/** Assumption: the documents do not show the error for a referral that has churned already. */
	function secondChurnError(): string {
		switch (sandboxState.settings.assumption('reditus', 'secondChurn')) {
			case 'already':
				return 'Referral has already churned';
			case 'noState':
				return 'Referral cannot be churned';
			default:
				return churnError('churned');
		}
	}

	function pay(request: FastifyRequest): ProviderResponse {
		const target = targetOf(request);
		const key = stringField(request.body, 'idempotency_key') ?? '';
		if (!target) return errorResponse(400, identifierNeeded);
		if (payments.has(key)) {
			return errorResponse(400, { idempotency_key: ['has already been taken'] });
		}
		const record = lookUp(request.body);
		if (!record) return errorResponse(404, 'Referral not found');
		if (record.state === 'rejected') return errorResponse(400, { referral: ['is rejected'] });
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
		sandboxState.requestLog.recordWrite('reditus', request, {
			operation,
			target,
			record: id,
			email,
			status,
		});
	}

	function list(request: FastifyRequest): ProviderResponse {
		const query = request.query as Record<string, string | undefined>;
		const times = [...timeFilters].map(([name, test]) => ({ name, test, text: query[name] }));
		for (const { name, text } of times) {
			if (text !== undefined && Number.isNaN(secondsIn(text))) {
				return errorResponse(400, `Validation failed: ${name} is not a valid time`);
			}
		}
		const page = Math.max(1, Number(query.page ?? 1));
		// Assumption: 20 rows by default; a larger size than 50 is reduced to 50.
		const perPage = Math.min(50, Math.max(1, Number(query.per_page ?? 20)));
		const isReversed = sandboxState.settings.assumption('reditus', 'order') === 'newestFirst';
		const all = isReversed ? records.all().reverse() : records.all();
		const found = all.filter(
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
			{ config: writeRoute(targetOf), schema: { body: identifiers } },
			(request, reply) => sendResponse(reply, churn(request)),
		);
		scope.post(
			'/v1/payments',
			{ config: writeRoute(targetOf), schema: { body: payment } },
			(request, reply) => sendResponse(reply, pay(request)),
		);
		scope.get(
			'/v1/referrals',
			{
				config: readRoute(({ query }) => stringField(query, 'email_eq')),
				schema: { querystring: listQuery },
			},
			(request, reply) => sendResponse(reply, list(request)),
		);
		scope.get(
			'/v1/referrals/:id',
			{ config: readRoute((request) => pathParameter(request, 'id')) },
			(request, reply) => {
				const record = records.get(pathParameter(request, 'id'));
				return sendResponse(
					reply,
					record
						? { status: 200, body: { data: view(record) } }
						: errorResponse(404, 'Referral not found'),
				);
			},
		);
	}

	return {
		addRoutes,
		authStatus: (request) =>
			header(request, 'authorization') === `Bearer ${keys.apiToken}` ? undefined : 401,
		errorResponse: (status, text) =>
			// Assumption: undocumented errors have the documented format; 429 is not documented.
			status === 429
				? { status, body: { message: text } }
				: errorResponse(
						status,
						status === 400 ? `Validation failed: ${text}` : text || 'No access',
					),
		wrongRecordResponse({ method, params, url }) {
			const another = view(referral(clock, 'another', 'another@example.com', 'churned'));
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
			for (const record of sampleReferrals(clock)) records.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				records.put(referral(clock, name, `${name}@example.com`, 'paid'));
			}
		},
		rows: () =>
			records.all().map(({ uid, email, state }) => ({
				customer: customerName(email),
				target: uid,
				email,
				state,
			})),
		recordNames(target) {
			const record = records.named(target);
			return record && { record: record.id, email: record.email, names: records.names(record) };
		},
		change(target, change) {
			const isNewState = 'state' in change && records.named(target)?.state !== change.state;
			const times = { updated_at: seconds(), ...(isNewState && { state_set_at: seconds() }) };
			return records.change(target, { ...times, ...change });
		},
		// Reditus has no webhook for a churn; clients poll.
		customerCancels: (target, { at }) => setStateOf(target, 'churned', at),
		customerReturns: (target, { at }) => setStateOf(target, 'paid', at),
		remove: (target) => records.remove(target),
	};
}

function targetOf({ body }: FastifyRequest): string | undefined {
	return (
		stringField(body, 'referral_uid') ??
		stringField(body, 'referral_id') ??
		stringField(body, 'referral_email')
	);
}
