import fc from 'fast-check';

import { neverAborted } from '../../nodes/shared/contract/clock';
import type { ApiRequest } from '../../nodes/shared/contract/http';
import { sendOnce } from '../../nodes/shared/http/sendRequest';
import { newAccount } from './sampleProvider';

/** What n8n's HTTP helper is given for a request. */
async function optionsFor(request: ApiRequest) {
	const given: Array<{ body?: string; headers: Record<string, string> }> = [];
	const httpRequestWithAuthentication = async (_type: string, options: never) => {
		given.push(options);
		return { statusCode: 200, headers: {}, body: {} };
	};
	const host = { helpers: { httpRequestWithAuthentication } } as never;
	await sendOnce(
		{ host, account: newAccount('form'), timeout: 1000, signal: neverAborted },
		request,
	);
	return given[0];
}

const post = (more: Partial<ApiRequest>): ApiRequest => ({ method: 'POST', path: '/', ...more });

test('a form is sent as a form: any name and value arrive as they were, and undefined ones not', async () => {
	const text = fc.string({ unit: 'grapheme' });
	const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(undefined));
	await fc.assert(
		fc.asyncProperty(fc.dictionary(text, value), async (form) => {
			const { body, headers } = await optionsFor(post({ form }));
			expect(headers['Content-Type']).toBe('application/x-www-form-urlencoded');
			const expected = Object.entries(form).filter(([, one]) => one !== undefined);
			expect([...new URLSearchParams(body)]).toEqual(
				expected.map(([name, one]) => [name, String(one)]),
			);
		}),
	);
});

test('names with brackets and an empty value go out', async () => {
	const form = { 'cancellation_details[comment]': 'ä & b', cancel_at: '' };
	const { body } = await optionsFor(post({ form }));
	expect(body).toBe('cancellation_details%5Bcomment%5D=%C3%A4+%26+b&cancel_at=');
});

test('a JSON body stays one', async () => {
	const { body, headers } = await optionsFor(post({ body: {} }));
	expect([body, headers['Content-Type']]).toEqual(['{}', 'application/json']);
});
