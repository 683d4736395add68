import type { Params } from '../../form';
import type { ProviderResponse } from '../../providerApi';
import { wrongValue } from './errors';
import { integerParam, textParam } from './params';

/** The parameters of every list. */
export const paging = ['limit', 'offset', 'sort_by'];

/**
 * One page, the oldest record first unless `sort_by[desc]` asks for the newest. The offset is opaque to clients.
 * @param view the entry of the list, such as `{ subscription, customer }`
 * @see https://apidocs.chargebee.com/docs/api/pagination
 */
export function page<T extends { id: string }>(
	found: T[],
	params: Params,
	{ createdAt, view }: { createdAt: (record: T) => number; view: (record: T) => object },
): ProviderResponse {
	const limit = integerParam(params, 'limit') ?? 10;
	if (limit < 1 || limit > 100) throw wrongValue('limit', 'must be from 1 to 100');
	const direction = directionIn(params);
	const sorted = [...found].sort((one, other) => direction * (createdAt(one) - createdAt(other)));
	const offsetOf = (record: T) => JSON.stringify([String(createdAt(record) * 1000), record.id]);
	const offset = textParam(params, 'offset');
	const last = sorted.findIndex((record) => offsetOf(record) === offset);
	if (offset !== undefined && last < 0) throw wrongValue('offset', 'is not valid');
	const rest = sorted.slice(last + 1);
	const shown = rest.slice(0, limit);
	const end = shown.at(-1);
	return {
		status: 200,
		body: {
			list: shown.map(view),
			...(rest.length > limit && end && { next_offset: offsetOf(end) }),
		},
	};
}

/** 1 for ascending, -1 for descending times of creation; the sandbox sorts by nothing else. */
function directionIn({ sort_by: order }: Params): 1 | -1 {
	if (order === undefined) return 1;
	const { asc, desc } = typeof order === 'object' ? (order as Params) : {};
	if ((asc ?? desc) !== 'created_at') throw wrongValue('sort_by', 'must be created_at');
	return asc === undefined ? -1 : 1;
}
