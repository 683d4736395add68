import { normalizeSecret } from '../contract/credential';
import type { ApiRequest } from '../contract/http';
import { invalid } from '../contract/refusal';

/** Hosts on this machine or in the container's network, as a regular expression. */
export const localHosts =
	'localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]|host\\.docker\\.internal|[a-z0-9_-]+';
const localHost = new RegExp(`^(${localHosts})$`);

/** The URL parser reads an address with one slash, none or backslashes as if it had two. */
const addressForm = /^[a-z][a-z\d+.-]*:\/\/[^/\\?#]/i;

/** What is wrong with a base URL, in words that follow its name; or the URL as it is requested. */
function parseBaseUrl(
	address: string,
): { kind: 'url'; href: string } | { kind: 'bad'; reason: string } {
	const bad = (reason: string) => ({ kind: 'bad', reason }) as const;
	if (/[?#]/.test(address)) return bad('must not hold "?" or "#".');
	if (/[\s\p{C}\\]/u.test(address)) {
		return bad('must not hold a blank, an invisible character or a backslash.');
	}
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (!url) return bad(`is "${address}", which is not a URL.`);
	if (url.username || url.password) return bad('must not hold a user name.');
	const isLocal = url.protocol === 'http:' && localHost.test(url.hostname);
	if ((url.protocol !== 'https:' && !isLocal) || !addressForm.test(address)) {
		return bad('must start with https://.');
	}
	return { kind: 'url', href: url.href.replace(/\/+$/, '') };
}

/**
 * A base URL as it is requested, without blanks and slashes around it: https anywhere; http only where
 * it does not leave the machine or the container's network.
 * @param credentialName "the FunnelFox credential"
 * @throws Refusal where it would send the key in the clear, or is no base URL
 */
export function validateBaseUrl(baseUrl: string, credentialName: string): string {
	const parsed = parseBaseUrl(normalizeSecret(baseUrl).replace(/\/+$/, ''));
	if (parsed.kind === 'url') return parsed.href;
	throw invalid(
		`The base URL of ${credentialName} ${parsed.reason}`,
		'Correct it in the credential.',
	);
}

/** As the HTTP client reads an address: dots resolved, backslashes as slashes. */
function isBelow(address: string, baseUrl: string): boolean {
	if (!URL.canParse(address)) return false;
	const [url, base] = [new URL(address), new URL(baseUrl)];
	const prefix = `${base.pathname.replace(/\/$/, '')}/`;
	return url.origin === base.origin && url.pathname.startsWith(prefix) && url.hash === '';
}

/**
 * The full address of a request; everything in the query is encoded here.
 * @throws URIError where a text is not well-formed Unicode; Refusal where the address leaves the base URL
 */
export function buildUrl(
	{ baseUrl }: { baseUrl: string },
	{ path, query = {} }: ApiRequest,
): string {
	const pairs = Object.entries(query)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
	const address = `${baseUrl}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
	if (isBelow(address, baseUrl)) return address;
	throw invalid(`The path "${path}" leads out of the base URL.`, 'Correct the path.');
}
