import type { ProviderResponse } from '../../providerApi';
import type { Customer } from './order';

/** The vendor's word for a status that no page names. */
export const codes: Record<number, string> = {
	400: 'INVALID_REQUEST',
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
};

/** Answers come in a media type of the vendor's own. */
export function envelope(status: number, messageCode: string, more: object = {}): ProviderResponse {
	const body = { ...more, status: { messageCode } };
	return { status, body, type: 'application/clientOutput+Json' };
}

/** What is known of a customer, whatever they have ordered. */
export function infoOf({ urn, externalId, email }: Customer, availableChannels: string[]): object {
	return {
		customerUrn: urn,
		externalIdentifier: externalId,
		email,
		status: 'Active',
		options: { availableChannels, canSavePaymentMethod: true },
	};
}

/** The schema of a body that names an order. */
export function bodyWith(required: string[]): Record<string, unknown> {
	return {
		type: 'object',
		required: ['orderIdentifier', ...required],
		properties: {
			orderIdentifier: { type: 'string', minLength: 1 },
			cancelationMethod: { type: 'string', enum: ['Normal', 'Immediate', 'EndOfPeriod'] },
			currentStep: { type: 'integer' },
			survey: { type: 'string' },
		},
	};
}
