import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type ProviderResponse, header } from '../../providerApi';
import { invalidField } from './errors';

type Query = Record<string, string | string[] | undefined>;

/** A single entity in Paddle's envelope. */
export function entity(data: unknown, status = 200): ProviderResponse {
	return { status, body: { data, meta: { request_id: randomUUID() } } };
}

/** A query parameter that holds one value. */
export function valueOf(request: FastifyRequest, name: string): string | undefined {
	const value = (request.query as Query)[name];
	const text = Array.isArray(value) ? value[value.length - 1] : value;
	// Assumption: an empty parameter is refused rather than ignored.
	if (text === '') throw invalidField(name, 'must not be empty');
	return text;
}

/**
 * A query parameter with commas between its values.
 * @throws InvalidRequest for a value that is not among the choices, or more values than Paddle takes
 */
export function valuesOf(
	request: FastifyRequest,
	name: string,
	{ choices, most = 1_000 }: { choices?: readonly string[]; most?: number } = {},
): string[] | undefined {
	const values = valueOf(request, name)?.split(',');
	const wrong = choices && values?.find((value) => !choices.includes(value));
	if (wrong !== undefined) throw invalidField(name, `must be one of ${choices?.join(', ')}`);
	if (values && values.length > most) throw invalidField(name, `must have at most ${most} values`);
	return values;
}

/**
 * One page; the ID of its last entity is the cursor of the next. `next` is an absolute address, also
 * on the last page.
 * @see https://developer.paddle.com/api-reference/about/pagination
 */
export function page<T extends { id: string }>(
	found: T[],
	request: FastifyRequest,
	view: (record: T) => unknown = (record) => record,
): ProviderResponse {
	const size = pageSize(request);
	const direction = orderOf(request);
	const sorted = [...found].sort((one, other) => (one.id < other.id ? -direction : direction));
	const after = valueOf(request, 'after');
	const rest = sorted.filter(
		({ id }) => after === undefined || (direction === 1 ? id > after : id < after),
	);
	const data = rest.slice(0, size);
	const next = new URL(`http://${header(request, 'host')}${request.url}`);
	const last = data.at(-1)?.id ?? after;
	if (last !== undefined) next.searchParams.set('after', last);
	const pagination = {
		per_page: size,
		next: next.href,
		has_more: rest.length > size,
		estimated_total: found.length,
	};
	return {
		status: 200,
		body: { data: data.map(view), meta: { request_id: randomUUID(), pagination } },
	};
}

/** More than the maximum gives the maximum. */
function pageSize(request: FastifyRequest): number {
	const text = valueOf(request, 'per_page') ?? '50';
	if (!/^\d+$/.test(text) || Number(text) < 1) {
		throw invalidField('per_page', 'must be an integer of at least 1');
	}
	return Math.min(200, Number(text));
}

/** 1 for ascending, -1 for descending IDs. */
function orderOf(request: FastifyRequest): 1 | -1 {
	const order = valueOf(request, 'order_by') ?? 'id[DESC]';
	if (!/^id\[(ASC|DESC)\]$/.test(order))
		throw invalidField('order_by', 'must be id[ASC] or id[DESC]');
	return order === 'id[ASC]' ? 1 : -1;
}
