import { createHash } from 'node:crypto';
import { keys } from '../../sandbox/keys';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const { clientId: client_id, clientSecret } = keys.smokeball;
const redirect_uri = 'http://localhost:5678/rest/oauth2-credential/callback';
const basic = Buffer.from(`${client_id}:${clientSecret}`).toString('base64');

async function token(form: Record<string, string>, authorization = `Basic ${basic}`) {
	const response = await fetch(`${own.sandbox.url}/smokeball/oauth2/token`, {
		method: 'POST',
		headers: { authorization },
		body: new URLSearchParams(form),
	});
	return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function authorize(more: Record<string, string> = {}) {
	const query = new URLSearchParams({ response_type: 'code', client_id, redirect_uri, ...more });
	const got = await ask(own.sandbox, 'GET', `/smokeball/oauth2/authorize?${query.toString()}`);
	const location = got.headers.get('location');
	return { ...got, back: location ? new URL(location) : undefined };
}

async function code(more: Record<string, string> = {}): Promise<string> {
	return (await authorize(more)).back?.searchParams.get('code') ?? '';
}

const redeem = (given: string, more: Record<string, string> = {}) =>
	token({ grant_type: 'authorization_code', client_id, redirect_uri, code: given, ...more });

async function reads(accessToken: string): Promise<number> {
	const headers = { ...signed.smokeball, authorization: `Bearer ${accessToken}` };
	return (await ask(own.sandbox, 'GET', '/smokeball/subscriptions', { headers })).status;
}

describe("Smokeball's OAuth2", () => {
	afterEach(() => own.sandbox.freeze(null));

	it('grants access for an hour by client credentials, with client_id in the form', async () => {
		expect((await token({ grant_type: 'client_credentials' })).status).toBe(400);
		const issued = await token({ grant_type: 'client_credentials', client_id });
		expect(issued.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
		expect(issued.body).not.toHaveProperty('refresh_token');
		expect(await reads(issued.body.access_token)).toBe(200);
		own.sandbox.freeze(new Date(Date.now() + 3_601_000).toISOString());
		expect(await reads(issued.body.access_token)).toBe(401);
	});

	it('redirects with a code and the state, and accepts the code once', async () => {
		const { status, back } = await authorize({ state: 'xyz' });
		expect(status).toBe(302);
		expect(back?.searchParams.get('state')).toBe('xyz');
		const given = back?.searchParams.get('code') ?? '';
		const { body } = await redeem(given);
		expect(body).toMatchObject({ refresh_token: expect.any(String), expires_in: 3600 });
		expect(await reads(body.access_token)).toBe(200);
		expect(await redeem(given)).toEqual({ status: 400, body: { error: 'invalid_grant' } });
	});

	it('accepts a code for five minutes and for its redirect URI', async () => {
		const late = await code();
		own.sandbox.freeze(new Date(Date.now() + 301_000).toISOString());
		expect((await redeem(late)).status).toBe(400);
		own.sandbox.freeze(null);
		const other = { redirect_uri: 'http://localhost:1/' };
		expect((await redeem(await code(), other)).status).toBe(400);
	});

	it('requires the PKCE verifier', async () => {
		const code_verifier = 'a-verifier-of-enough-length-0123456789-0123456789';
		const challenge = {
			code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
			code_challenge_method: 'S256',
		};
		expect((await redeem(await code(challenge), { code_verifier })).status).toBe(200);
		expect((await redeem(await code(challenge), { code_verifier: 'other' })).status).toBe(400);
		expect((await redeem(await code(challenge))).status).toBe(400);
	});

	it('does not redirect to another machine or for an unknown client', async () => {
		expect((await authorize({ redirect_uri: 'https://elsewhere.example/' })).status).toBe(400);
		expect((await authorize({ client_id: 'other' })).status).toBe(400);
	});

	it('refreshes access without a new refresh token', async () => {
		const { body } = await redeem(await code());
		const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id };
		const renewed = await token(form);
		expect(renewed.body).not.toHaveProperty('refresh_token');
		expect(await reads(renewed.body.access_token)).toBe(200);
		expect((await token({ ...form, refresh_token: 'other' })).body).toEqual({
			error: 'invalid_grant',
		});
		expect((await token(form, 'Basic wrong')).body).toEqual({ error: 'invalid_client' });
		own.sandbox.freeze(new Date(Date.now() + 31 * 86_400_000).toISOString());
		expect((await token(form)).status).toBe(400);
	});

	it('requires client_id for a refresh, depending on an assumption', async () => {
		const { body } = await redeem(await code());
		const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
		expect(await token(form)).toEqual({ status: 400, body: { error: 'invalid_client' } });
		own.sandbox.settings('smokeball', { assumptions: { refreshWithoutClientId: 'accepted' } });
		expect((await token(form)).status).toBe(200);
		expect((await token({ ...form, client_id: 'other' })).status).toBe(400);
	});
});
