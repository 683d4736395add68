import nock from 'nock';
import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../../sandbox/keys';
import { load } from '../../host/harness';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { expressionsFor } from '../run';
import { facts } from './facts';
import { oAuth2, one } from './vendor';

/** An address of the credential, as n8n works it out from what was typed. */
async function derived(name: string, typed: IDataObject): Promise<string> {
	const { properties } = (await load()).getCredential('smokeballOAuth2Api').type;
	const template = properties.find((property) => property.name === name)!.default as string;
	const expression = await expressionsFor('smokeball');
	const self = { region: 'us', environment: 'production', ...typed };
	return expression.getParameterValue(
		template,
		null,
		0,
		0,
		'smokeball',
		[],
		'internal',
		{},
		undefined,
		false,
		self as never,
	) as string;
}

describe('where the OAuth2 credential signs in', () => {
	test.each([
		['us', 'production', 'https://auth.smokeball.com/oauth2/token'],
		['au', 'staging', 'https://datastaging-auth.smokeball.com.au/oauth2/token'],
		[undefined, undefined, 'https://auth.smokeball.com/oauth2/token'],
		['', 'production', ''],
		['US', 'production', ''],
		['nz', 'production', ''],
		['us', 'sandbox', ''],
		['us', '', ''],
	])('region "%s" and environment "%s" lead to "%s"', async (region, environment, address) => {
		expect(await derived('accessTokenUrl', { region, environment })).toBe(address);
	});

	test.each([
		['https://auth.example.com', 'https://auth.example.com/oauth2/token'],
		[' https://auth.example.com/base/ ', 'https://auth.example.com/base/oauth2/token'],
		['http://127.0.0.1:4010/smokeball', 'http://127.0.0.1:4010/smokeball/oauth2/token'],
		['http://[::1]:4010', 'http://[::1]:4010/oauth2/token'],
		['http://sandbox:4010', 'http://sandbox:4010/oauth2/token'],
	])('"%s" leads to %s', async (authBaseUrl, address) => {
		expect(await derived('accessTokenUrl', { authBaseUrl })).toBe(address);
	});

	test.each([
		' ',
		'http://auth.smokeball.com',
		'http://[::ffff:127.0.0.1]:4010',
		'http://134744072',
		'http://0x08080808/',
		'http://localhost:1@evil.test',
		'http://localhost.evil.test',
		'https://evil.test?x=',
		'https://evil.test/#',
		'ftp://localhost',
		'auth.smokeball.com',
	])('"%s" leads nowhere, so that no secret leaves in the clear', async (authBaseUrl) => {
		expect(await derived('accessTokenUrl', { authBaseUrl })).toBe('');
		expect(await derived('authUrl', { authBaseUrl })).toBe('');
	});
});

describe('at the sandbox, as the hint of the field has it', () => {
	const own = ownSandbox();
	beforeEach(() => nock.enableNetConnect('127.0.0.1'));
	const { apiKey, clientId, clientSecret } = keys.smokeball;

	/** Signs in as n8n does, and gives back what came of it. */
	async function connected(): Promise<IDataObject> {
		const authBaseUrl = `${own.sandbox.url}/smokeball`;
		const [authUrl, accessTokenUrl] = await Promise.all(
			['authUrl', 'accessTokenUrl'].map(async (name) => await derived(name, { authBaseUrl })),
		);
		const redirect_uri = 'http://localhost:5678/rest/oauth2-credential/callback';
		const asked = { client_id: clientId, redirect_uri, response_type: 'code', state: 's' };
		const query = new URLSearchParams(asked).toString();
		const { headers } = await fetch(`${authUrl}?${query}`, { redirect: 'manual' });
		const code = new URL(headers.get('location')!).searchParams.get('code')!;
		const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
		const form = { grant_type: 'authorization_code', client_id: clientId, redirect_uri, code };
		const answer = await fetch(accessTokenUrl, {
			method: 'POST',
			headers: { authorization: `Basic ${basic}` },
			body: new URLSearchParams(form),
		});
		return { accessTokenUrl, tokens: (await answer.json()) as IDataObject };
	}

	async function cancelled(accessToken?: string): Promise<IDataObject> {
		const { accessTokenUrl, tokens } = await connected();
		const token = { ...(tokens as IDataObject), ...(accessToken && { access_token: accessToken }) };
		const credentials = oAuth2({
			clientId,
			clientSecret,
			apiKey,
			accessTokenUrl: accessTokenUrl as string,
			additionalBodyProperties: JSON.stringify({ client_id: clientId }),
			baseUrl: `${own.sandbox.url}/smokeball`,
			oauthTokenData: token as never,
		});
		const subscriptionId = byId(facts.ada);
		return await one('cancel', { authentication: 'oAuth2', subscriptionId }, { credentials });
	}

	test('a person signs in, and the token opens the API', async () => {
		expect(await cancelled()).toMatchObject({ outcome: 'scheduled' });
	});

	test('n8n renews a token that has run out, where the Basic header says enough', async () => {
		own.sandbox.settings('smokeball', { assumptions: { refreshWithoutClientId: 'accepted' } });
		expect(await cancelled('one_that_has_run_out')).toMatchObject({ outcome: 'scheduled' });
	});

	test('where the form must name the client, n8n cannot renew: sign in again', async () => {
		own.sandbox.settings('smokeball', { assumptions: { refreshWithoutClientId: 'refused' } });
		expect(await cancelled('one_that_has_run_out')).toMatchObject({ outcome: 'unauthorized' });
		expect(own.sandbox.journal()).toEqual([]);
	});
});
