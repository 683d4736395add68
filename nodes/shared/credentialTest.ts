import type { ICredentialTestRequest } from 'n8n-workflow';

/**
 * What n8n tells the user where an API turns a credential's test away; by itself it shows the bare status.
 * @param secret what the product calls its key
 * @param from where the user finds it
 */
export function turnedAway(
	product: string,
	secret: string,
	from: string,
): ICredentialTestRequest['rules'] {
	const says: Array<[number, string]> = [
		[401, `${product} did not accept the ${secret}. Copy it again from ${from}.`],
		[
			403,
			`${product} does not let this ${secret} use the API. Check its permissions, and that your plan includes the API.`,
		],
		[404, `There is no API of ${product} at this address. Check the base URL.`],
	];
	return says.map(([value, message]) => ({ type: 'responseCode', properties: { value, message } }));
}
