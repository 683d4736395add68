import type { Params } from '../../form';
import type { ProviderResponse } from '../../providerApi';
import { invalidParam, missing } from './errors';
import { filledParam, integerParam } from './params';
import type { Customer } from './wire';

export const searchParams = { expand: true, limit: true, page: true, query: true } as const;

/**
 * One page of a list, from the newest record on.
 * @param what the word for a record in an error, e.g. `subscription`
 * @see https://docs.stripe.com/api/pagination
 */
export function page<T extends { id: string; created: number }>(
	found: T[],
	params: Params,
	{
		what,
		url,
		view = (record) => record,
	}: { what: string; url: string; view?: (record: T) => object },
): ProviderResponse {
	const limit = limitIn(params);
	const after = filledParam(params, 'starting_after');
	const before = filledParam(params, 'ending_before');
	const sorted = newestFirst(found);
	const placeOf = (cursor: string) => sorted.findIndex(({ id }) => id === cursor);
	if (after !== undefined && placeOf(after) < 0) return missing(what, after, 'starting_after');
	if (before !== undefined && placeOf(before) < 0) return missing(what, before, 'ending_before');
	const from = after === undefined ? 0 : placeOf(after) + 1;
	const to = before === undefined ? sorted.length : placeOf(before);
	const range = sorted.slice(from, to);
	const data = before === undefined ? range.slice(0, limit) : range.slice(-limit);
	return {
		status: 200,
		body: { object: 'list', data: data.map(view), has_more: range.length > limit, url },
	};
}

function limitIn(params: Params): number {
	const limit = integerParam(params, 'limit') ?? 10;
	if (limit < 1 || limit > 100) {
		const bound = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100';
		throw invalidParam('limit', `This value must be ${bound}.`, 'parameter_invalid_integer');
	}
	return limit;
}

/** Records of the same second stay in the order in which the last one comes first. */
function newestFirst<T extends { created: number }>(records: T[]): T[] {
	return [...records].reverse().sort((one, other) => other.created - one.created);
}

/**
 * `email:'…'` finds equal addresses without regard to capitals, `email~'…'` a part of at least three
 * letters. Other fields and AND, OR are not modelled.
 * @see https://docs.stripe.com/search
 */
export function search(customers: Customer[], params: Params): ProviderResponse {
	const query = filledParam(params, 'query');
	if (query === undefined) {
		throw invalidParam('query', 'Missing required param: query.', 'parameter_missing');
	}
	const [, operator, quoted] =
		/^\s*email\s*([:~])\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*$/.exec(query) ?? [];
	if (!quoted) throw invalidParam('query', `We were unable to parse your search query: ${query}`);
	const wanted = quoted.slice(1, -1).replace(/\\(.)/g, '$1').toLowerCase();
	if (operator === '~' && wanted.length < 3) {
		throw invalidParam('query', 'Substring search needs at least three characters.');
	}
	const found = newestFirst(customers).filter(({ email }) => {
		const own = email?.toLowerCase();
		return operator === ':' ? own === wanted : own?.includes(wanted);
	});
	const limit = limitIn(params);
	const from = Number(filledParam(params, 'page') ?? 0);
	const hasMore = from + limit < found.length;
	return {
		status: 200,
		body: {
			object: 'search_result',
			data: found.slice(from, from + limit),
			has_more: hasMore,
			next_page: hasMore ? String(from + limit) : null,
			url: '/v1/customers/search',
		},
	};
}
