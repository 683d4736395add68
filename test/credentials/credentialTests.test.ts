import nock from 'nock';

import { facts } from '../providers/samples';
import { ownSandbox } from '../sandbox/ownSandbox';
import { origin, saying, type Origin } from './origin';
import { testCredential } from './testCredential';
import { at, secretFields, tested } from './tested';

const open: Origin[] = [];
const opened = async (...given: Parameters<typeof origin>) => {
	const one = await origin(...given);
	open.push(one);
	return one;
};
afterEach(() => {
	for (const one of open.splice(0)) one.close();
	nock.cleanAll();
	nock.enableNetConnect();
});
// It would stay in Node's own http, under whatever file this process tests next.
afterAll(() => nock.restore());

/** What a test says of an API that answers so, and the requests that came to it. */
async function against(one: (typeof tested)[number], ...answer: Parameters<typeof saying>) {
	const api = await opened(saying(...answer));
	return { ...(await testCredential(one, at(one, `${api.url}/base`))), api };
}

describe.each(tested)('the test of $type', (one) => {
	const { call, data, home } = one;
	const secrets = secretFields(one).map((name) => String(data[name]));

	test('asks once, signed as the node signs, and is content with the documented answer', async () => {
		const { status, api } = await against(one, 200, call.answer);
		expect(status).toBe('OK');
		expect(api.requests).toHaveLength(1);
		const [{ method, path, headers }] = api.requests;
		expect([method, path]).toEqual([call.method, `/base${call.path}`]);
		expect(headers).toMatchObject(call.headers);
	});

	test.each([301, 302, 303, 307, 308])('takes the key nowhere else at %i', async (code) => {
		const elsewhere = await opened(saying(200, call.answer));
		const location = `${elsewhere.url}${call.path}`;
		const { status, message, api } = await against(one, code, '', { location });
		expect(elsewhere.requests).toEqual([]);
		expect(api.requests).toHaveLength(1);
		expect(status).toBe('Error');
		expect(message).toContain(`a redirect to ${location}, which was not followed`);
	});

	const noJson: Array<[string, number, unknown]> = [
		['a web page', 200, '<!doctype html><title>Sign in</title>'],
		['no content', 204, undefined],
		['nothing', 200, ''],
		['null', 200, null],
		['a text', 200, '"ok"'],
		['an error inside', 200, { error: 'Bad credentials' }],
	];
	const otherJson: Array<[string, number, unknown]> = [
		['an empty object', 200, {}],
		['no list', 200, { data: null, value: null, result: [] }],
		['the empty list of another API', 200, { data: [] }],
		['the rows of another API', 200, { data: [{ name: 'x' }], value: [{ name: 'x' }] }],
		['the bare rows of another API', 200, [{ name: 'x' }]],
		['the envelope of another API', 200, { status: { messageCode: 'SUCCESS' } }],
		['the envelope that says no', 200, { status: { messageCode: 'UNAUTHORIZED' } }],
	];
	test.each([...noJson, ...(one.anyJson ? [] : otherJson)])(
		'is not content with %s',
		async (_, code, body) => {
			const { status, message } = await against(one, code, body);
			expect(status).toBe('Error');
			expect(message).toMatch(/does not confirm the .+ \(HTTP 20[04].*\)\. Check the base URL/);
		},
	);

	test.each<[number, RegExp]>([
		[400, /did not confirm .+ \(HTTP 400: In its own words\)\. Check the base URL\./],
		[401, /did not accept the .+\. Copy it again from .+\./],
		[403, /does not let this .+ use the API\. Check (its|the key, its) permissions/],
		[404, /No .+ API found at http.+\/base\. Check the base URL\./],
		[429, /takes no more calls for now \(HTTP 429: In its own words\)\. Test again/],
		[503, /\(HTTP 503: In its own words\)\. Test again later\./],
	])('says what a %i means, and what to do', async (code, words) => {
		const { status, message, api } = await against(one, code, { message: 'In its own words' });
		expect([status, message]).toEqual(['Error', expect.stringMatching(words)]);
		expect(api.requests).toHaveLength(1);
	});

	test.each([401, 403])('does not blame the key for a web page that answers %i', async (code) => {
		for (const page of ['<!doctype html><title>Just a moment</title>', ' <html></html>']) {
			const { status, message } = await against(one, code, page);
			expect(status).toBe('Error');
			expect(message).toContain(`a web page instead of an API answer (HTTP ${code})`);
			expect(message).toContain('Check the base URL');
			expect(message).not.toMatch(/Copy it again|Check its permissions/);
		}
	});

	describe('with a key that was pasted wrongly', () => {
		const fields = secretFields(one);
		const pasted = (paste: (key: string) => string) =>
			fields.map((name) => ({ ...one, data: { ...data, [name]: paste(String(data[name])) } }));

		test.each<[string, (key: string) => string]>([
			['blanks', (key) => `  ${key}\t`],
			['a line break', (key) => `${key}\r\n`],
			['zero-width characters', (key) => `\u200b\ufeff${key}\u200d`],
			['a direction mark', (key) => `\u200e${key}\u202c`],
			['a no-break space', (key) => `\u00a0${key}\u3164`],
		])('sends it without %s around it', async (_, paste) => {
			for (const account of pasted(paste)) {
				const api = await opened(saying(200, call.answer));
				expect(await testCredential(one, at(account, api.url))).toMatchObject({ status: 'OK' });
				expect(api.requests[0].headers).toMatchObject(call.headers);
			}
		});

		const withScheme: Array<[string, RegExp, (key: string) => string]> = [
			['"Bearer" before it', /starts with "Bearer"/, (key) => `Bearer ${key}`],
			['"Bearer" and quotes', /starts with "Bearer"/, (key) => `"bearer  ${key}"`],
		];
		test.each<[string, RegExp, (key: string) => string]>([
			['a line break', /holds a line break/, (key) => `${key}\r\nX-Injected: 1`],
			[
				'an invisible character',
				/holds an invisible character \(U\+200B\)/,
				(key) => `${key}\u200bx`,
			],
			['a letter of another script', /holds the character "б" \(U\+0431\)/, (key) => `б${key}`],
			['an emoji', /holds the character "😀" \(U\+1F600\)/, (key) => `${key}😀`],
			...(one.isHeader ? [] : withScheme),
			['quotes around it', /stands in quotes/, (key) => `"${key}"`],
			['typographic quotes', /stands in quotes/, (key) => `“${key}”`],
			['nothing but blanks', /is empty/, () => ' \u200b'],
		])('names %s, sends nothing and repeats no key', async (_, words, paste) => {
			for (const account of pasted(paste)) {
				const api = await opened(saying(200, call.answer));
				const { status, message } = await testCredential(one, at(account, api.url));
				expect([status, message]).toEqual(['Error', expect.stringMatching(words)]);
				expect(message).toMatch(
					/^The (Secret Key|API Key|API Token|Access Token|Header Value) .+\. Nothing was sent\./,
				);
				for (const secret of secrets) expect(message).not.toContain(secret);
				expect(api.requests).toEqual([]);
			}
		});
	});

	test('sends no key in the clear, and none to an address that is none', async () => {
		const api = await opened(saying(200, call.answer));
		for (const doubtful of [
			`http://[::ffff:127.0.0.1]:${api.port}`,
			`http://user:pass@127.0.0.1:${api.port}`,
			`${api.url}?`,
			`${api.url}/#`,
			`${api.url}/base?x=1`,
			'http://api.example.com',
			'ftp://127.0.0.1',
			'127.0.0.1',
		]) {
			const { status, message } = await testCredential(one, at(one, doubtful));
			expect([doubtful, status]).toEqual([doubtful, 'Error']);
			expect(message).toMatch(
				/^The base URL of the .+ credential .+ Nothing was sent\. Correct it/,
			);
		}
		expect(api.requests).toEqual([]);
	});

	test('takes a base URL with blanks and slashes around it', async () => {
		const api = await opened(saying(200, call.answer));
		const { status } = await testCredential(one, at(one, ` ${api.url}/base// `));
		expect(status).toBe('OK');
		expect(api.requests[0].path).toBe(`/base${call.path}`);
	});

	test('says so where nothing answers', async () => {
		const api = await opened(saying(200));
		api.close();
		const { status, message } = await testCredential(one, at(one, api.url));
		expect([status, message]).toEqual([
			'Error',
			expect.stringMatching(
				/could not be reached at .+: the connection was refused\. Check the base URL/,
			),
		]);
	});

	test('repeats no key from any response', async () => {
		for (const code of [200, 302, 400]) {
			const { message } = await against(
				one,
				code,
				{ message: secrets.join(' ') },
				{ location: `/${secrets.join('/')}` },
			);
			for (const secret of secrets) expect(message).not.toContain(secret);
		}
	});

	test('goes to the default where the base URL was cleared, and nowhere without one', async () => {
		nock.disableNetConnect();
		if (home === undefined) {
			expect(await testCredential(one, at(one, ''))).toMatchObject({
				status: 'Error',
				message: expect.stringMatching(/^The base URL of .+ is "", which is not a URL\./),
			});
			return;
		}
		const asked = nock(home)
			.intercept(call.path, call.method)
			.reply(200, call.answer as nock.Body);
		const cleared = { ...at(one, ''), baseUrl: '' };
		expect(await testCredential(one, cleared)).toMatchObject({ status: 'OK' });
		expect(asked.isDone()).toBe(true);
	});
});

describe('at the sandbox', () => {
	const own = ownSandbox();

	test.each(tested)('$type works, and with another key it does not', async (one) => {
		const data = facts[one.node].account(own.sandbox.url)[one.type];
		expect(await testCredential(one, data)).toMatchObject({ status: 'OK' });
		for (const name of secretFields({ ...one, data })) {
			const { status, message } = await testCredential(one, { ...data, [name]: 'somebody_elses' });
			expect([name, status]).toEqual([name, 'Error']);
			expect(message).toMatch(/did not accept the|does not let this/);
		}
		// So nothing was written, either.
		expect(own.sandbox.journal()).toEqual([]);
	});
});
