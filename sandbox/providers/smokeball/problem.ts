import type { ProviderResponse } from '../../providerApi';

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

/** An error in RFC 7807 format, with the provider's array of errors. */
export function problem(status: number, detail: string): ProviderResponse {
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
