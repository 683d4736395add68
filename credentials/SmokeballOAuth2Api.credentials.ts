import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { localHosts } from '../nodes/shared/http/baseUrl';

const regions =
	'{ us: ".smokeball.com", au: ".smokeball.com.au", uk: ".smokeball.co.uk" }[$self["region"] ?? "us"]';
const environments =
	'{ production: "auth", staging: "datastaging-auth" }[$self["environment"] ?? "production"]';

/** The host of the region and the environment, unless another one is given; empty where either is unknown. */
const signIn = `($self["authBaseUrl"] || (${regions} && ${environments} ? "https://" + ${environments} + ${regions} : "")).trim().replace(/\\/+$/, "")`;

/** What the node asks of a base URL, on the text as it was typed: a number is an address, not a name. */
const trusted = `/^(https:\\/\\/[^\\/?#@\\s]+|http:\\/\\/(?!(0x[\\da-f]*|\\d+)([:\\/]|$))(${localHosts})(:\\d+)?)(\\/[^?#@\\s]*)?$/i`;

/** Empty where the client's secret would leave in the clear: n8n then requests no token. */
const auth = (path: string) => `={{ ${trusted}.test(${signIn}) ? ${signIn} + "${path}" : "" }}`;

/**
 * A firm's account, with tokens that n8n gets and renews.
 * Sources: https://docs.smokeball.com/docs/api-docs/2t26gcuuqf1wk-authorization-code-grant ,
 * https://docs.smokeball.com/docs/api-docs/h72024p76i8e1-client-credentials-grant
 */
export class SmokeballOAuth2Api implements ICredentialType {
	name = 'smokeballOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Smokeball OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/Smokeball/icon.svg',
		dark: 'file:../nodes/Smokeball/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/smokeball.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			default: 'authorizationCode',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description:
						'Sign in to Smokeball, and again when that expires: after 30 days by default',
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description: "For the firm's own private app",
				},
			],
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "From the app's details in the Smokeball Developer Console",
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			default: 'us',
			options: [
				{ name: 'Australia', value: 'au' },
				{ name: 'United Kingdom', value: 'uk' },
				{ name: 'United States', value: 'us' },
			],
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'production',
			options: [
				{ name: 'Production', value: 'production' },
				{ name: 'Staging', value: 'staging' },
			],
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.smokeball.com/your-account-ID',
			description:
				'Leave it empty for the host of the region. Fill it in to rehearse against a sandbox, or with the account ID for an app that covers several accounts.',
		},
		{
			displayName: 'Sign-in Base URL',
			name: 'authBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. http://127.0.0.1:4010/smokeball',
			description:
				'Leave it empty for the host of the region. Fill it in to rehearse: the sandbox signs in where its API is, at the address that ends in /smokeball.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			required: true,
			default: auth('/oauth2/authorize'),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			required: true,
			default: auth('/oauth2/token'),
		},
		{
			// Empty: all scopes that the app was given.
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'header',
		},
		{
			// Smokeball wants the client ID in the form as well as in the Basic header.
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default: '={{ JSON.stringify({ client_id: $self["clientId"] }) }}',
		},
	];
}
