import type { ProviderResponse } from '../../providerApi';

export function message(status: number, text: string): ProviderResponse {
	return { status, body: { message: text } };
}

/** One page of a list; the cursor is the ID of the last item (guide: https://funnelfox.com/docs/develop/api). */
export function page<T extends { id: string }>(
	found: T[],
	query: Record<string, string | undefined>,
	view: (item: T) => unknown,
): ProviderResponse {
	const { cursor } = query;
	const limit = Number(query.limit ?? 20);
	// Assumption: the documents name two maximums, 500 and 100; the sandbox uses the lower one.
	if (limit < 1 || limit > 100) return message(400, 'limit must be between 1 and 100');
	const last = cursor ? found.findIndex(({ id }) => id === cursor) : -1;
	if (cursor && last < 0) return message(400, 'cursor is not valid');
	const data = found.slice(last + 1, last + 1 + limit);
	return {
		status: 200,
		body: {
			data: data.map(view),
			pagination: {
				has_more: last + 1 + limit < found.length,
				total: found.length,
				// Assumption: the last page has a cursor, too.
				next_cursor: data.at(-1)?.id ?? cursor ?? '',
			},
		},
	};
}
