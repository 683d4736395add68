import { collectSecrets, redact } from '../../nodes/shared/http/redact';

describe('a secret', () => {
	const secret = 'se cret/key+12==';
	test.each([
		['as it is', secret],
		['URL-encoded', encodeURIComponent(secret)],
		['in base64', Buffer.from(secret).toString('base64')],
		['in base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
		['in base64url', Buffer.from(secret).toString('base64url')],
	])('%s is redacted in texts and in names', (_, form) => {
		const out = redact({ said: `the key ${form} is bad`, [form]: [{ deep: form }] }, [secret]);
		expect(JSON.stringify(out)).not.toContain(form);
		expect(out.said).toBe('the key *** is bad');
	});

	test('is redacted by its name where its value is not known', () => {
		const body = { auth_token: 'x', temp_password: 'y', apiKey: 'z' };
		const none = { planToken: 'kept', id_token: null, secret: undefined };
		expect(redact({ ...body, ...none })).toStrictEqual({
			...{ auth_token: '***', temp_password: '***', apiKey: '***' },
			...none,
		});
	});

	test('link that acts for a customer, or means of payment, is redacted by its name', () => {
		const hidden = {
			management_urls: { cancel: 'https://portal/1' },
			latest_invoice: { hosted_invoice_url: 'https://pay/1', invoice_pdf: 'https://pdf/1' },
			...{ default_payment_method: 'pm_1', default_source: 'card_1' },
			customer: {
				payment_method: { reference_id: 'pm_1' },
				created_from_ip: 'https',
				card: 'card_1',
			},
			...{ billing_address: { line1: 'https' }, shipping_address: 'https', vat_number: 'https' },
			...{
				request_log_url: 'https://log/1',
				confirmation_secret: 'cs_1',
				endpoint_secret_key: 'k',
			},
		};
		const out = JSON.stringify(redact({ ...hidden, collection_method: 'automatic' }));
		expect(out).not.toMatch(/https|pm_1|card_1|cs_1|"k"/);
		expect(out).toContain('automatic');
		expect(redact({ management_urls: null })).toEqual({ management_urls: null });
	});

	test('has six characters at least, because a shorter value would tear holes into every text', () => {
		expect(collectSecrets({ apiKey: 'abcdef', token: 'abcde' })).toEqual(['abcdef']);
	});

	test('of a credential is known by its name; an address and a kind are none', () => {
		const credential = {
			secretKey: 'one-key',
			userPassword: 'two-words',
			oauthTokenData: { access_token: 'three-token', token_type: 'bearer-token', expires: 3600 },
			accessTokenUrl: 'https://example.com/token',
			accountId: 'account-7',
			nothing: null,
		};
		expect(collectSecrets(credential)).toEqual(['one-key', 'two-words', 'three-token']);
		expect(collectSecrets(null)).toEqual([]);
	});

	test('that is a part of another one does not leave the rest of it', () => {
		expect(redact('the key a-key-and-more', ['a-key', 'a-key-and-more'])).toBe('the key ***');
	});
});
