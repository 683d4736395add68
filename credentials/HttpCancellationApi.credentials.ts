import type { Icon, ICredentialType, IDataObject, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';
import { credentialHeaders } from '../nodes/HttpCancellation/headers';

/** A key may be in any header, whatever its name. */
const masked = { password: true };

/** An account at an API of the user's own: where it lives, and the headers that it asks for. */
export class HttpCancellationApi implements ICredentialType {
	name = 'httpCancellationApi';

	displayName = 'HTTP Cancellation API';

	icon: Icon = {
		light: 'file:../nodes/HttpCancellation/icon.svg',
		dark: 'file:../nodes/HttpCancellation/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/httpcancellation.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://admin.example.com/api/v1',
			description: 'Address of your API. Every request stays below it.',
		},
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			required: true,
			default: 'Authorization',
			placeholder: 'e.g. X-API-Key',
			description: 'The header that holds the key',
		},
		{
			displayName: 'Header Value',
			name: 'headerValue',
			type: 'string',
			typeOptions: masked,
			required: true,
			default: '',
			placeholder: 'e.g. Bearer 7d1f…',
			description: 'The whole value, with the word Bearer or Basic if your API asks for it',
		},
		{
			displayName: 'Extra Headers',
			name: 'extraHeaders',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Header',
			default: {},
			description: 'Headers that every request has, such as a tenant',
			options: [
				{
					displayName: 'Header',
					name: 'headers',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. X-Tenant',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							typeOptions: masked,
							default: '',
						},
					],
				},
			],
		},
		{
			displayName: 'Test Path',
			name: 'testPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. /me',
			description:
				'Read to test this credential: a path that answers only with a valid key. Without one the key cannot be tested.',
		},
	];

	authenticate = signWith((values) =>
		Object.fromEntries(
			credentialHeaders(values as IDataObject).map(({ name, value }) => [name, value]),
		),
	);
}
