import type { IExecuteFunctions } from 'n8n-workflow';

import type { Fields } from '../../nodes/shared/contract/field';
import { integerField } from '../../nodes/shared/fields/primitives';
import { dateTimeField } from '../../nodes/shared/fields/dateTime';
import { identifierField } from '../../nodes/shared/fields/identifier';
import { textField } from '../../nodes/shared/fields/string';
import { candidateLabel } from '../../nodes/shared/lookup/fetchCandidates';
import {
	interpretWrite,
	interpretPreview,
	interpretRead,
} from '../../nodes/shared/model/interpretResponse';
import type { ItemResult } from '../../nodes/shared/model/result';
import type { ExecutionContext } from '../../nodes/shared/run/executionContext';
import { parseFields } from '../../nodes/shared/input/parameters';
import { toOutputItems } from '../../nodes/shared/output/outputItems';
import { summarize } from '../../nodes/shared/output/summary';
import { refreshSecrets, type Account } from '../../nodes/shared/http/account';
import { validateBaseUrl } from '../../nodes/shared/http/baseUrl';
import { toApiResponse } from '../../nodes/shared/http/response';
import { redact, collectSecrets } from '../../nodes/shared/http/redact';

const around = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };
const provider = {
	name: 'funnelFox',
	displayName: 'FunnelFox',
	resource: { value: 'subscription' },
};

describe('what an answer means where the provider does not say', () => {
	const own = () => undefined;
	const reply = (status: number, body: unknown = {}) => ({ status, headers: {}, body });
	test.each([
		[200, 'unknown', true],
		[202, 'unknown', true],
		[204, 'unknown', true],
		[302, 'failed', undefined],
		[400, 'failed', true],
		[401, 'unauthorized', undefined],
		[403, 'unauthorized', undefined],
		[404, 'notFound', true],
		[409, 'notCancellable', true],
		[422, 'notCancellable', true],
		[418, 'failed', false],
		[429, 'rateLimited', undefined],
		[500, 'unknown', true],
		[503, 'unknown', true],
	])('%i to a write: %s, the record is asked: %s', (status, outcome, ask) => {
		const verdict = interpretWrite(reply(status), own);
		expect(verdict.outcome).toBe(outcome);
		expect(verdict.verify).toBe(ask);
	});

	test.each([
		[404, 'notFound'],
		[500, 'failed'],
	])('%i to a read: %s, and never in doubt', (status, outcome) => {
		expect(interpretRead(reply(status), own)).toMatchObject({ against: { outcome } });
	});

	test('a read is judged by nothing but that it is a record', () => {
		const sound = reply(200);
		expect(interpretRead(sound, own)).toEqual({ sound });
		expect(interpretRead({ ...sound, body: 'OK' }, own)).toMatchObject({
			against: { outcome: 'failed' },
		});
	});

	test('silence leaves a write in doubt, and no read', () => {
		const silence = { delivered: 'maybe', reason: 'no answer in time' } as const;
		expect(interpretWrite(silence, own)).toMatchObject({ outcome: 'unknown', verify: true });
		expect(interpretRead(silence, own)).toMatchObject({ against: { outcome: 'failed' } });
	});

	test.each([
		[
			302,
			{ location: 'https://other.example' },
			'It answered with a redirect to https://other.example.',
		],
		[300, {}, 'It answered with a redirect to another address.'],
		[399, {}, 'It answered with a redirect to another address.'],
		[200, {}, 'The answer is no record of it (HTTP 200: Well.).'],
		[299, {}, 'The answer is no record of it (HTTP 299: Well.).'],
		[400, {}, 'HTTP 400: Well.'],
		[199, {}, 'HTTP 199: Well.'],
		[403, {}, 'HTTP 403: Well.'],
		[404, {}, 'HTTP 404: Well.'],
		[409, {}, 'HTTP 409: Well.'],
		[429, {}, 'HTTP 429: Well.'],
		[500, {}, 'HTTP 500: Well.'],
	])('%i is told in words', (status, headers, description) => {
		const answer = { status, headers, body: { message: 'Well.' } };
		expect(interpretWrite(answer, own).description).toBe(description);
	});

	test('a read that is no record, and silence, are told in words', () => {
		const told = (answer: Parameters<typeof interpretRead>[0]) => {
			const read = interpretRead(answer);
			return 'against' in read ? read.against : {};
		};
		for (const body of ['OK', null, 7]) {
			const description = 'The answer was no JSON record.';
			expect(told(reply(200, body))).toEqual({ outcome: 'failed', description });
		}
		expect(told({ delivered: 'maybe', reason: 'no answer in time' })).toEqual({
			outcome: 'failed',
			description: 'It gave no answer: no answer in time.',
			verify: false,
		});
		for (const [retryAt, outcome] of [
			['2026-11-28T10:00:00.000Z', 'rateLimited'],
			[undefined, 'failed'],
		] as const) {
			expect(told({ delivered: 'no', reason: 'no connection', retryAt })).toEqual({
				outcome,
				description: 'It was not sent: no connection.',
			});
		}
	});

	test('the own reading of the provider counts, with its doubt where the record is not asked', () => {
		const said = { outcome: 'unknown', description: 'Who knows?' } as const;
		expect(interpretWrite(reply(200), () => said)).toBe(said);
		expect(interpretRead(reply(200), () => said)).toEqual({ against: said });
		const asked = { ...said, verify: true };
		expect(interpretRead(reply(200), () => asked)).toEqual({
			against: { ...asked, outcome: 'failed' },
		});
		const no = { outcome: 'notFound', verify: true } as const;
		expect(interpretRead(reply(200), () => no)).toEqual({ against: no });
	});

	test('a call that only asks is ready where its answer is a record', () => {
		expect(interpretPreview(reply(200), own)).toEqual({ outcome: 'readyToConfirm' });
		expect(interpretPreview(reply(404), own)).toMatchObject({ outcome: 'notFound' });
	});

	test('what never left is no doubt', () => {
		const down = { delivered: 'no', reason: 'no connection' } as const;
		expect(interpretWrite(down, own)).toMatchObject({ outcome: 'failed' });
		expect(interpretWrite({ ...down, retryAt: 'x' }, own)).toMatchObject({
			outcome: 'rateLimited',
		});
	});
});

describe('what the fields of an item hold', () => {
	const kind = identifierField({ displayName: 'Kind', type: 'string', default: '' });
	const day = textField({ displayName: 'Day', type: 'string', default: '' });
	const fields: Fields = {
		kind,
		day: { ...day, showWhen: { kind: ['date', 'weekday'] }, rejectElsewhere: true },
		number: { ...integerField({ displayName: 'Number', default: 0 }), optional: true },
	};
	const read = (panel: Record<string, unknown>, expressions: string[] = []) => {
		const parameter = (name: string, _: number, absent?: unknown) => panel[name] ?? absent;
		const isExpression = (name: string) => expressions.includes(name);
		return parseFields(Object.assign(parameter, { isExpression }), fields, 0, around).values;
	};

	test('is nothing where an optional one is left blank', () => {
		expect(read({ kind: 'now', number: ' ' })).toEqual({ kind: 'now', number: undefined });
		expect(() => read({ kind: 'now', number: ' ' }, ['number'])).toThrow('Number must be');
	});

	test('may not contradict another: what is said of it is short, and what to do is told', () => {
		expect(read({ kind: 'date', day: 'Monday' }).day).toBe('Monday');
		const [sign, long] = ['x'.repeat(60), 'x'.repeat(61)];
		expect(() => read({ kind: 'now', day: ` ${long} ` })).toThrow(
			`Day is "${sign}", but Kind is "now". Nothing was sent. Leave Day empty, or use date or weekday.`,
		);
		for (const day of [undefined, '', ' ']) expect(read({ kind: 'now', day }).kind).toBe('now');
	});
});

describe('the body of an answer', () => {
	test.each([
		['{"id":1}', { id: 1 }],
		[' [1]', [1]],
		['"text"', 'text'],
		['{no JSON', '{no JSON'],
		['OK', 'OK'],
		['123', '123'],
		[123, 123],
	])('%j is taken as %j', (body, taken) => {
		expect(toApiResponse(200, { ETag: 7 }, body)).toEqual({
			...{ status: 200, headers: { etag: '7' } },
			body: taken,
		});
	});
});

test('a person tells a subscription by what is known of it', () => {
	const state = { status: 'active', active: true, endsAt: null, email: null, version: '1' };
	expect(candidateLabel({ id: 'sub_1', state, row: {} })).toBe('active · sub_1');
	const more = { ...state, endsAt: '2026-12-31T10:00:00.000Z' };
	expect(candidateLabel({ id: 'sub_1', product: 'Pro', state: more, row: {} })).toBe(
		'Pro · active · until 2026-12-31 · sub_1',
	);
});

describe('a failed item', () => {
	const result: ItemResult = {
		outcome: 'notFound',
		operation: 'cancel',
		target: 'nope',
		email: null,
		attempts: 1,
		message: 'It is not known.',
	};
	const binary = { letter: { data: 'x', mimeType: 'text/plain' } };
	const json = { id: 'nope', error: 'my own', message: 'mine, too' };
	const outOf = (onError: string) => {
		const host = { getInputData: () => [{ json, binary }], getNode: () => ({ onError }) };
		const run = { provider, around } as unknown as ExecutionContext;
		return toOutputItems(host as unknown as IExecuteFunctions, run, { index: 0, result })[0];
	};

	test('keeps binary data and input fields named error and message on the error output', () => {
		const out = outOf('continueErrorOutput');
		expect(out.binary).toEqual(binary);
		expect(Object.keys(out.json)).toEqual(['error', 'message']);
		expect(out.json.error).toMatchObject({
			outcome: 'notFound',
			input: { error: 'my own', message: 'mine, too' },
		});
	});

	test('is flat in Continue mode, with its binary data and no key named error', () => {
		const out = outOf('continueRegularOutput');
		expect(out.binary).toEqual(binary);
		expect(out.json).toMatchObject({ ok: false, ended: false, outcome: 'notFound' });
		expect(out.json).not.toHaveProperty('error');
	});
});

describe('a date', () => {
	const field = dateTimeField({ displayName: 'Cancel At', default: '' });
	test.each([
		'2027-02-30',
		'2027-13-01',
		'2027-02-29T10:00:00',
		'31.12.2027',
		'2027',
		'soon',
		'2027-04-31',
	])('%s is none', (written) => {
		expect(() => field.parse(written, around)).toThrow(/Cancel At ".*" is not a/);
	});

	test("without an offset is meant in the workflow's time zone", () => {
		expect(field.parse('2027-01-15T09:00:00', around)).toBe('2027-01-15T08:00:00.000Z');
		expect(field.parse('2027-07-15T09:00:00', around)).toBe('2027-07-15T07:00:00.000Z');
		expect(field.parse('2027-07-15T09:00:00-04:00', around)).toBe('2027-07-15T13:00:00.000Z');
	});

	test('in the gap of a change to summer time is not an hour early', () => {
		expect(field.parse('2027-03-28T02:30:00', around)).toBe('2027-03-28T01:30:00.000Z');
	});

	test('without an offset is none where the workflow names no time zone that there is', () => {
		const nowhere = { ...around, timeZone: 'DEFAULT' };
		expect(() => field.parse('2027-01-15T09:00:00', nowhere)).toThrow(
			/time zone "DEFAULT" is not valid, so Cancel At cannot be interpreted\. Nothing was sent\./,
		);
	});

	test.each([undefined, null, '', ' ', [], {}, false])('of %j is refused', (raw) => {
		expect(() => field.parse(raw, around)).toThrow('Nothing was sent.');
	});
});

describe('a date in a summary', () => {
	const ends = (timeZone: string) =>
		summarize(
			{
				outcome: 'scheduled',
				operation: 'cancel',
				target: 'sub_ada',
				email: null,
				attempts: 1,
				effectiveAt: '2026-12-31T23:30:00.000Z',
			},
			'FunnelFox',
			{ ...around, timeZone },
		);

	test("is the day in the workflow's time zone, whichever was asked for before", () => {
		expect(ends('Europe/Berlin')).toBe('sub_ada: ends on 1 January 2027 (FunnelFox)');
		expect(ends('UTC')).toBe('sub_ada: ends on 31 December 2026 (FunnelFox)');
		expect(ends('Europe/Berlin')).toBe('sub_ada: ends on 1 January 2027 (FunnelFox)');
		expect(ends('DEFAULT')).toBe('sub_ada: ends on 31 December 2026 (FunnelFox)');
	});

	test('takes no format of its own: ten thousand of them are 400 MiB', () => {
		const made = jest.spyOn(Intl, 'DateTimeFormat');
		for (let item = 0; item < 50; item++) ends('Asia/Tokyo');
		const count = made.mock.calls.length;
		made.mockRestore();
		expect(count).toBe(2);
	});
});

describe('a whole number', () => {
	const step = integerField({ displayName: 'Step', default: 0 });
	const upTo = integerField({
		displayName: 'Tries',
		typeOptions: { minValue: 1, maxValue: 10 },
		default: 4,
	});
	const least = integerField({ displayName: 'Limit', typeOptions: { minValue: 1 }, default: 50 });

	test.each<[typeof step, unknown, number]>([
		[step, 0, 0],
		[step, ' 7 ', 7],
		[step, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
		[upTo, '1', 1],
		[upTo, 10, 10],
		[least, 1, 1],
	])('within its bounds is taken (%#)', (field, raw, value) => {
		expect(field.parse(raw, around)).toBe(value);
	});

	test.each<[typeof step, unknown, string]>([
		[step, -1, 'Step must be a whole number of 0 or more, but it is "-1".'],
		[step, 1.5, 'Step must be a whole number of 0 or more, but it is "1.5".'],
		[step, Number.MAX_SAFE_INTEGER + 1, 'Step must be a whole number of 0 or more'],
		[step, '', 'Step must be a whole number of 0 or more, but it is "".'],
		[step, '7 and more', 'Step must be a whole number of 0 or more, but it is "7 and more".'],
		[step, 'step 7', 'Step must be a whole number of 0 or more, but it is "step 7".'],
		[upTo, 0, 'Tries must be a whole number from 1 to 10, but it is "0".'],
		[upTo, 11, 'Tries must be a whole number from 1 to 10, but it is "11".'],
		[least, 0, 'Limit must be a whole number of 1 or more, but it is "0".'],
	])('beyond them, or anything else, is refused (%#)', (field, raw, words) => {
		expect(() => field.parse(raw, around)).toThrow(words);
	});
});

describe('a secret', () => {
	const secret = 'se cret/key+12==';
	test.each([
		['as it is', secret],
		['URL-encoded', encodeURIComponent(secret)],
		['in base64', Buffer.from(secret).toString('base64')],
		['in base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
		['in base64url', Buffer.from(secret).toString('base64url')],
	])('%s comes out neither in a text nor in a name', (_, form) => {
		const out = redact({ said: `the key ${form} is bad`, [form]: [{ deep: form }] }, [secret]);
		expect(JSON.stringify(out)).not.toContain(form);
		expect(out.said).toBe('the key *** is bad');
	});

	test('is known by its name where its value is not', () => {
		const body = { auth_token: 'x', temp_password: 'y', apiKey: 'z' };
		const none = { planToken: 'kept', id_token: null, secret: undefined };
		expect(redact({ ...body, ...none })).toStrictEqual({
			...{ auth_token: '***', temp_password: '***', apiKey: '***' },
			...none,
		});
	});

	test('has six characters at least: a shorter value would tear holes into every text', () => {
		expect(collectSecrets({ apiKey: 'abcdef', token: 'abcde' })).toEqual(['abcdef']);
	});

	test('of a credential is what its name says, and neither an address nor a kind', () => {
		const credential = {
			secretKey: 'one-key',
			userPassword: 'two-words',
			oauthTokenData: { access_token: 'three-token', token_type: 'bearer-token', expires: 3600 },
			accessTokenUrl: 'https://example.com/token',
			accountId: 'account-7',
			nothing: null,
		};
		expect(collectSecrets(credential)).toEqual(['one-key', 'two-words', 'three-token']);
		expect(collectSecrets(null)).toEqual([]);
	});

	test('that is a part of another does not show the rest of it', () => {
		expect(redact('the key a-key-and-more', ['a-key', 'a-key-and-more'])).toBe('the key ***');
	});

	test('that n8n renewed during the run is one from then on', async () => {
		const credential = (token: string) => ({ oauthTokenData: { access_token: token } });
		const account = { type: 'smokeballOAuth2Api', oAuth2: true } as Account;
		account.secrets = collectSecrets(credential('old_token'));
		const getCredentials = async () => credential('new_token');
		await refreshSecrets({ getCredentials } as never, account);
		expect(redact('old_token new_token', account.secrets)).toBe('*** ***');
	});
});

describe('a base URL', () => {
	const check = (url: string) => validateBaseUrl(url, 'the credential');
	test.each([' https://api.example.com/v1/ ', 'https://api.example.com/v1//\n'])(
		'of %j is taken without blanks and slashes around it',
		(url) => expect(check(url)).toBe('https://api.example.com/v1'),
	);

	test.each([
		'https://api.example.com?',
		'https://api.example.com/#',
		'http://api.example.com',
		'http://[::ffff:7f00:1]',
		'http://127.0.0.1.example.com',
		'https://user@api.example.com',
		'api.example.com',
		'',
	])('of %j is refused', (url) =>
		expect(() => check(url)).toThrow(
			/^The base URL of the credential .+\. Nothing was sent\. Correct it in the credential\.$/,
		),
	);

	test.each(['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:1', 'http://n8n:5678'])(
		'of %j does not leave the machine or its network',
		(url) => expect(check(url)).toBe(url),
	);
});
