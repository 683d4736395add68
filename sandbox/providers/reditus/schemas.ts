export const identifiers = {
	type: 'object',
	properties: {
		referral_uid: { type: 'string' },
		referral_id: { type: 'string' },
		referral_email: { type: 'string' },
	},
};

export const payment = {
	type: 'object',
	required: ['idempotency_key', 'amount', 'currency'],
	properties: {
		...identifiers.properties,
		idempotency_key: { type: 'string' },
		amount: { type: 'integer' },
		currency: { type: 'string', pattern: '^[a-z]{3}$' },
	},
};

const digits = { type: 'string', pattern: '^[0-9]+$' };

export const listQuery = { type: 'object', properties: { page: digits, per_page: digits } };
