import { type ProviderResponse, header } from '../../providerApi';
import { unpermitted } from './errors';
import type { ApiCall } from './plugin';

type Query = Record<string, string | string[] | undefined>;

/** The parameters of every list. */
const common = ['cursor', 'ids', 'limit', 'order', 'sort', 'begin_time', 'end_time'];

interface Listed {
	id: string;
	created_at: string;
	updated_at: string;
}

/**
 * The query of a list.
 * @param own parameters that only this list has
 * @throws InvalidRequest for a parameter that it has not
 */
export function queryOf({ request }: ApiCall, own: string[]): Record<string, string | undefined> {
	const query = request.query as Query;
	const wrong = Object.keys(query).find((name) => ![...common, ...own].includes(name));
	if (wrong !== undefined) throw unpermitted(wrong, 'is not permitted');
	return Object.fromEntries(
		Object.entries(query).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.at(-1) : value,
		]),
	);
}

/** @throws InvalidRequest for a value that is not among the choices */
export function choiceOf(
	query: Record<string, string | undefined>,
	name: string,
	choices: readonly string[],
): string | undefined {
	const value = query[name];
	if (value !== undefined && !choices.includes(value)) {
		throw unpermitted(name, `must be one of ${choices.join(', ')}`);
	}
	return value;
}

/**
 * One page, the newest first. `next` is a path with an opaque cursor, and null on the last page. A HEAD
 * request gets the number of all that match.
 * @see "Pagination" in the description of the API
 */
export function page<T extends Listed>(
	found: T[],
	call: ApiCall,
	query: Record<string, string | undefined>,
): ProviderResponse {
	const size = sizeOf(query);
	const sorted = selected(found, query);
	const { cursor } = query;
	const start = cursor === undefined ? 0 : startOf(cursor);
	const data = sorted.slice(start, start + size);
	const hasMore = sorted.length > start + size;
	if (call.request.method === 'HEAD') {
		call.setHeader('recurly-total-records', String(sorted.length));
	}
	const next = hasMore ? nextPath(call, start + size) : null;
	return { status: 200, body: { object: 'list', has_more: hasMore, next, data } };
}

/** What matches the common filters, sorted. */
function selected<T extends Listed>(found: T[], query: Record<string, string | undefined>): T[] {
	const ids = query.ids?.split(',');
	// They cannot be used with any other parameter.
	if (ids) return found.filter(({ id }) => ids.includes(id));
	const by = choiceOf(query, 'sort', ['created_at', 'updated_at']) ?? 'created_at';
	const field = by === 'updated_at' ? 'updated_at' : 'created_at';
	const direction = choiceOf(query, 'order', ['asc', 'desc']) === 'asc' ? 1 : -1;
	const [from, to] = [timeOf(query, 'begin_time'), timeOf(query, 'end_time')];
	const keyOf = (record: T) => `${record[field]} ${record.id}`;
	return found
		.filter((record) => {
			const at = Date.parse(record[field]);
			return at >= (from ?? -Infinity) && at <= (to ?? Infinity);
		})
		.sort((one, other) => (keyOf(one) < keyOf(other) ? -direction : direction));
}

function sizeOf({ limit = '20' }: Record<string, string | undefined>): number {
	if (/^\d+$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 200) return Number(limit);
	throw unpermitted('limit', 'must be an integer from 1 to 200');
}

function timeOf(query: Record<string, string | undefined>, name: string): number | undefined {
	const text = query[name];
	if (text === undefined) return undefined;
	const time = Date.parse(text);
	if (Number.isNaN(time)) throw unpermitted(name, 'must be a time in ISO 8601');
	return time;
}

function startOf(cursor: string): number {
	const [, start] = /^from:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
	if (start === undefined) throw unpermitted('cursor', 'is not valid');
	return Number(start);
}

/** Below the address of the API; the parameters of the first page stay. */
function nextPath({ request }: ApiCall, start: number): string {
	const url = new URL(request.url, `http://${header(request, 'host')}`);
	url.searchParams.set('cursor', Buffer.from(`from:${start}`).toString('base64url'));
	return url.pathname.replace(/^\/recurly/, '') + url.search;
}
