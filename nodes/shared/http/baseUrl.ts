import type { ApiRequest } from '../contract/http';
import { invalid } from '../contract/refusal';

/** Hosts on this machine or in the container's network, as a regular expression. */
export const localHosts =
	'localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]|host\\.docker\\.internal|[a-z0-9_-]+';
const localHost = new RegExp(`^(${localHosts})$`, 'i');

/** What speaks against sending a key to this address; undefined: nothing. */
function problemWith(address: string): string | undefined {
	if (/[?#]/.test(address)) return 'must not hold "?" or "#".';
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return `is "${address}", which is not a URL.`;
	}
	if (url.username || url.password) return 'must not hold a user name.';
	if (url.protocol === 'https:' || (url.protocol === 'http:' && localHost.test(url.hostname))) {
		return undefined;
	}
	return 'must start with https://.';
}

/**
 * A base URL without blanks and slashes around it: https anywhere; http only where it does not
 * leave the machine or the container's network.
 * @param whose "the FunnelFox credential"
 * @throws Refusal where it would send the key in the clear, or is no base URL
 */
export function validateBaseUrl(baseUrl: string, whose: string): string {
	const address = baseUrl.trim().replace(/\/+$/, '');
	const doubt = problemWith(address);
	if (doubt === undefined) return address;
	throw invalid(`The base URL of ${whose} ${doubt}`, 'Correct it in the credential.');
}

/** The full address of a call, query included; everything in the query is encoded here. */
export function buildUrl(
	{ baseUrl }: { baseUrl: string },
	{ path, query = {} }: ApiRequest,
): string {
	const pairs = Object.entries(query)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
	return `${baseUrl}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
