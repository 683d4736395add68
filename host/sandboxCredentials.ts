import { keys } from '../sandbox/keys';
import type { CredentialFile } from './n8n';

/** The accounts of the sandbox, under the ids that the ready workflows name. */
export function sandboxCredentials(sandbox: string): CredentialFile[] {
	const funnelFox = `${sandbox}/funnelfox/public/v1`;
	return [
		{
			id: 'rehearsalFunnelFox',
			name: 'FunnelFox sandbox',
			type: 'funnelFoxApi',
			data: { secretKey: keys.funnelFox.secretKey, baseUrl: funnelFox },
		},
		{
			id: 'rehearsalFunnelFoxWrong',
			name: 'FunnelFox wrong key',
			type: 'funnelFoxApi',
			data: { secretKey: 'secret_that_nobody_gave_out', baseUrl: funnelFox },
			// A new node gets the credential of its type that was changed last: not this one.
			updatedAt: '2000-01-01T00:00:00.000Z',
		},
		{
			id: 'rehearsalFirstPromoter',
			name: 'FirstPromoter sandbox',
			type: 'firstPromoterApi',
			data: {
				apiKey: keys.firstPromoter.v1ApiKey,
				baseUrl: `${sandbox}/firstpromoter/api/v1`,
			},
		},
		{
			id: 'rehearsalReditus',
			name: 'Reditus sandbox',
			type: 'reditusApi',
			data: { apiToken: keys.reditus.apiToken, baseUrl: `${sandbox}/reditus/api` },
		},
		{
			id: 'rehearsalSmokeball',
			name: 'Smokeball sandbox',
			type: 'smokeballApi',
			data: {
				apiKey: keys.smokeball.apiKey,
				accessToken: keys.smokeball.accessToken,
				baseUrl: 'custom',
				customBaseUrl: `${sandbox}/smokeball`,
			},
		},
		{
			id: 'rehearsalAzotte',
			name: 'Azotte sandbox',
			type: 'azotteApi',
			data: {
				projectName: 'sandbox',
				environment: 'sandbox',
				tenantId: keys.azotte.tenantId,
				apiKey: keys.azotte.apiKey,
				baseUrl: `${sandbox}/azotte/api/v1/c2a`,
			},
		},
		{
			id: 'rehearsalOpenAi',
			name: 'OpenAI sandbox',
			type: 'openAiApi',
			data: { apiKey: 'any key is good', url: `${sandbox}/openai/v1` },
		},
	];
}
