import type { ProviderResponse } from '../../providerApi';
import type { Customer } from './order';

/** Message codes for errors that the documents do not define. */
export const codes: Record<number, string> = {
	400: 'INVALID_REQUEST',
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
};

/** Wraps a response in the provider's envelope and media type. */
export function envelope(status: number, messageCode: string, more: object = {}): ProviderResponse {
	const body = { ...more, status: { messageCode } };
	return { status, body, type: 'application/clientOutput+Json' };
}

/** Data of a customer. */
export function infoOf({ urn, externalId, email }: Customer, availableChannels: string[]): object {
	return {
		customerUrn: urn,
		externalIdentifier: externalId,
		email,
		status: 'Active',
		options: { availableChannels, canSavePaymentMethod: true },
	};
}

/** JSON schema of a body that addresses an order. */
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
