import { keys } from '../sandbox/keys';
import type { CredentialFile } from './n8n';

/** The accounts of the sandbox, under the ids that the ready workflows name. */
export function sandboxCredentials(sandbox: string): CredentialFile[] {
	return [
		{
			id: 'rehearsalFunnelFox',
			name: 'FunnelFox sandbox',
			type: 'funnelFoxApi',
			data: {
				secretKey: keys.funnelFox.secretKey,
				baseUrl: `${sandbox}/funnelfox/public/v1`,
			},
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
	];
}
