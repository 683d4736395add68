import type { ProviderResponse } from '../../providerApi';

const titles: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	422: 'Unprocessable entity',
	500: 'Internal Server Error',
};

/** A refusal in the vendor's shape; details are a text, or texts by field. */
export function errorResponse(
	status: number,
	details: string | Record<string, string[]>,
): ProviderResponse {
	return { status, body: { errors: [{ title: titles[status] ?? 'Error', details }] } };
}

export function churnError(state: string): string {
	return `Referral in state '${state}' cannot be churned`;
}
