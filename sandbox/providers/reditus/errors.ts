import type { ProviderResponse } from '../../providerApi';

const titles: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	422: 'Unprocessable entity',
	500: 'Internal Server Error',
};

/** An error in the provider's format; details are a message, or messages by field. */
export function errorResponse(
	status: number,
	details: string | Record<string, string[]>,
): ProviderResponse {
	return { status, body: { errors: [{ title: titles[status] ?? 'Error', details }] } };
}

export function churnError(state: string): string {
	return `Referral in state '${state}' cannot be churned`;
}
