import type { IDataObject } from 'n8n-workflow';

import { normalizeSecret, unsendableReason } from '../shared/contract/credential';
import { asObject, textOf } from '../shared/contract/http';
import { invalid } from '../shared/contract/refusal';

/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;

/** Headers that the HTTP client sets, or that say where a request goes and how it is read. */
const reserved =
	/^(host|cookie2?|set-cookie2?|content-.*|connection|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|via)$/i;

/**
 * The name of a header that a user may choose.
 * @throws Refusal (`invalid`)
 */
export function headerName(raw: unknown, label: string): string {
	const name = typeof raw === 'string' ? raw.trim() : '';
	if (name === '') throw invalid(`${label} is empty.`, 'Fill it in, or remove it.');
	if (!token.test(name)) {
		throw invalid(
			`${label} cannot be the name of a header.`,
			'Use letters, digits and - _ . only, without the colon and the value.',
		);
	}
	if (reserved.test(name)) {
		throw invalid(`${label} is "${name}", which is set by itself.`, 'Use another header.');
	}
	return name;
}

interface Header {
	name: string;
	value: string;
}

/**
 * The headers of a credential: the one with the key, then the extra ones.
 * @throws Refusal (`invalid`) where a name is not valid, a value is empty, or two have one name
 */
export function credentialHeaders(credential: IDataObject): Header[] {
	const { headerName: first, headerValue, extraHeaders } = credential;
	const extra = asObject(extraHeaders).headers;
	const rows = Array.isArray(extra) ? (extra as unknown[]).map(asObject) : [];
	const headers = [
		readHeader(first, headerValue, 'Header Name'),
		...rows.map(({ name, value }) => readHeader(name, value, 'The name of an extra header')),
	];
	const names = headers.map(({ name }) => name.toLowerCase());
	const double = names.find((name, index) => names.indexOf(name) !== index);
	if (double === undefined) return headers;
	throw invalid(`The credential has two headers "${double}".`, 'Remove one of them.');
}

function readHeader(rawName: unknown, rawValue: unknown, label: string): Header {
	const name = headerName(rawName, label);
	const value = normalizeSecret(rawValue);
	if (value === '') {
		throw invalid(`The credential has no value for the header "${name}".`, 'Fill it in.');
	}
	return { name, value };
}

/**
 * The names of a credential's headers.
 * @throws Refusal (`invalid`) also where a header cannot hold its value
 */
export const headerNames = (credential: IDataObject): string[] =>
	credentialHeaders(credential).map(({ name, value }) => {
		const problem = unsendableReason(value);
		if (problem === undefined) return name;
		throw invalid(
			`What the credential gives for the header ${name} ${problem}.`,
			'Copy it again into the credential.',
		);
	});

/** Names of headers whose value may be a secret; a tenant's name is none, and may stand in any text. */
const secretHeader = /auth|token|secret|key|passw|pwd|cookie|session|signature|credential/i;

/** The secrets in a credential's headers: whole, without their scheme, and the password of Basic. */
export const headerSecrets = ({ headerValue, extraHeaders }: IDataObject): string[] => {
	const extra = asObject(extraHeaders).headers;
	const rows = Array.isArray(extra) ? (extra as unknown[]).map(asObject) : [];
	const secretRows = rows.filter(({ name }) => secretHeader.test(textOf(name) ?? ''));
	return [headerValue, ...secretRows.map(({ value }) => value)].flatMap((value) =>
		partsOf(normalizeSecret(value)),
	);
};

function partsOf(value: string): string[] {
	const [, scheme, credentials] = /^(\S+)\s+(\S.*)$/.exec(value) ?? [];
	if (credentials === undefined) return [value];
	if (!/^basic$/i.test(scheme)) return [value, credentials];
	const [user, ...password] = Buffer.from(credentials, 'base64').toString().split(':');
	// An API key may be the user, with an empty password.
	const key = password.join(':');
	return [value, credentials, key === '' ? user : key];
}
