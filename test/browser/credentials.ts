import type { CredentialFile } from '../../host/n8n';
import { keys } from '../../sandbox/keys';

/** How one kind of credential is filled in by hand, by the labels of its form. */
export interface Form {
	type: string;
	/** As n8n names it in its list. */
	displayName: string;
	/** By the name of the field. */
	data: Record<string, string>;
	/** The fields that nobody may read over a shoulder. */
	secret: string[];
}

/** Every kind of credential, as a user fills it in to work against the sandbox. */
export function forms(sandbox: string): Form[] {
	const v1 = { apiKey: keys.firstPromoter.v1ApiKey };
	const v2 = { apiKey: keys.firstPromoter.v2ApiKey, accountId: keys.firstPromoter.accountId };
	const { apiKey, accessToken } = keys.smokeball;
	return [
		{
			type: 'firstPromoterApi',
			displayName: 'FirstPromoter API',
			data: { ...v1, baseUrl: `${sandbox}/firstpromoter/api/v1` },
			secret: ['apiKey'],
		},
		{
			type: 'firstPromoterV2Api',
			displayName: 'FirstPromoter V2 API',
			data: { ...v2, baseUrl: `${sandbox}/firstpromoter/api/v2` },
			secret: ['apiKey'],
		},
		{
			type: 'reditusApi',
			displayName: 'Reditus API',
			data: { ...keys.reditus, baseUrl: `${sandbox}/reditus/api` },
			secret: ['apiToken'],
		},
		{
			type: 'smokeballApi',
			displayName: 'Smokeball API',
			data: { apiKey, accessToken, baseUrl: 'custom', customBaseUrl: `${sandbox}/smokeball` },
			secret: ['apiKey', 'accessToken'],
		},
		{
			type: 'funnelFoxApi',
			displayName: 'FunnelFox API',
			data: { ...keys.funnelFox, baseUrl: `${sandbox}/funnelfox/public/v1` },
			secret: ['secretKey'],
		},
		{
			type: 'azotteApi',
			displayName: 'Azotte API',
			data: { ...keys.azotte, baseUrl: `${sandbox}/azotte/api/v1/c2a` },
			secret: ['apiKey'],
		},
	];
}

/** The same, as n8n imports them. */
export function imported(sandbox: string): CredentialFile[] {
	return forms(sandbox).map(({ type, displayName, data }) => ({
		id: `sandbox_${type}`,
		name: `${displayName.replace(/ API$/, '')} sandbox`,
		type,
		data,
	}));
}
