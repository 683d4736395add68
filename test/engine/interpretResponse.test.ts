import fc from 'fast-check';

import type { ApiResponse } from '../../nodes/shared/contract/http';
import type { CallResult } from '../../nodes/shared/http/response';
import { isSuccess, outcomes, type Outcome } from '../../nodes/shared/contract/outcome';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import {
	interpretPreview,
	interpretRead,
	interpretWrite,
} from '../../nodes/shared/model/interpretResponse';
import { noResponse, provider, response } from './sampleProvider';

const silent = () => undefined;
/** An error in the API's own form. */
const own = (status: number, headers = {}) => response(status, { message: 'Well.' }, headers);
/** Bodies of responses that come from a gateway, a proxy or a web server. */
const foreignBodies: Array<[string, unknown]> = [
	['a web page', '<html>Well.</html>'],
	['a line of text', 'default backend - 404'],
	['no body', ''],
	['the error of another API', { error: { code: 7, text: 'Well.' } }],
	['an empty object', {}],
	['a list', []],
	['null', null],
];
const write = (answer: CallResult, interpret: (one: ApiResponse) => Verdict | undefined = silent) =>
	interpretWrite(answer, provider, interpret);

describe("an error in the API's own form, where the provider does not interpret it", () => {
	test.each<[number, Outcome, boolean | undefined]>([
		[300, 'unknown', true],
		[302, 'unknown', true],
		[303, 'unknown', true],
		[399, 'unknown', true],
		[400, 'failed', true],
		[401, 'unauthorized', undefined],
		[403, 'unauthorized', undefined],
		[404, 'notFound', true],
		[408, 'unknown', true],
		[409, 'notCancellable', true],
		[410, 'notFound', true],
		[418, 'unknown', true],
		[422, 'notCancellable', true],
		[429, 'rateLimited', undefined],
		[500, 'unknown', true],
		[503, 'unknown', true],
	])('of status %i means %s; the record is read: %s', (status, outcome, verify) => {
		const verdict = write(own(status));
		expect([verdict.outcome, verdict.verify]).toEqual([outcome, verify]);
	});

	test.each([400, 403, 404, 409, 429, 500])('of status %i is described in its words', (status) => {
		expect(write(own(status)).description).toBe(`HTTP ${status}: Well.`);
	});

	test('that redirects is described by where to', () => {
		const to = (headers: object, status = 302) => write(own(status, headers)).description;
		expect(to({ location: 'https://other.example' })).toBe(
			'The response was a redirect to https://other.example.',
		);
		expect(to({})).toBe('The response was a redirect to another address.');
		expect(to({}, 300)).toBe('The response was a redirect to another address.');
	});
});

describe.each(foreignBodies)('%s', (name, body) => {
	test.each([
		300, 302, 304, 400, 402, 404, 408, 409, 410, 418, 422, 499, 500, 502, 503, 504, 520, 530,
	])('with status %i leaves a write in doubt, whatever the provider would say of it', (status) => {
		const interpret = jest.fn(() => ({ outcome: 'notFound' }) as const);
		const verdict = write(response(status, body), interpret);
		expect(verdict).toMatchObject({ outcome: 'unknown', verify: true });
		expect(interpret).not.toHaveBeenCalled();
	});

	test('with status 429 is a limit: gateways keep it', () => {
		expect(write(response(429, body))).toMatchObject({ outcome: 'rateLimited' });
	});

	test('with status 401 or 403 is about the credential, unless it is a web page', () => {
		const outcome = name === 'a web page' ? 'failed' : 'unauthorized';
		for (const status of [401, 403]) {
			const verdict = write(response(status, body));
			expect([verdict.outcome, verdict.verify]).toEqual([outcome, undefined]);
		}
	});
});

describe('a 2xx', () => {
	test.each([200, 202, 204, 299])(
		'of status %i that the provider does not know leaves a write in doubt',
		(status) => {
			expect(write(own(status))).toEqual({
				outcome: 'unknown',
				description: `The response is not the record (HTTP ${status}: Well.).`,
				verify: true,
			});
		},
	);

	test('that the provider calls a failure is not believed without the record, whatever it says', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...(Object.keys(outcomes) as Outcome[])),
				fc.option(fc.boolean(), { nil: undefined }),
				fc.integer({ min: 200, max: 299 }),
				(outcome, verify, status) => {
					const said = { outcome, verify };
					const verdict = write(response(status), () => said);
					expect(verdict).toEqual(isSuccess(outcome) ? said : { outcome, verify: true });
				},
			),
		);
	});
});

test('a 403 of a provider that forbids single records is believed only with the record', () => {
	const strict = { ...provider, forbidsSingleRecords: true as const };
	const verdict = (status: number, body: unknown) =>
		interpretWrite(response(status, body), strict, silent);
	expect(verdict(403, { message: 'Archived' })).toMatchObject({
		outcome: 'unauthorized',
		verify: true,
	});
	expect(verdict(401, { message: 'Bad key' }).verify).toBeUndefined();
	expect(verdict(403, '<html>Human?</html>').verify).toBeUndefined();
});

test('the own reading of the provider counts for an error in its own form', () => {
	const said = { outcome: 'nothingToCancel', description: 'No.' } as const;
	expect(write(own(404), () => said)).toBe(said);
});

describe('a write without a response', () => {
	test('is in doubt where the request may have been delivered', () => {
		expect(interpretWrite(noResponse('maybe'), provider, silent)).toEqual({
			outcome: 'unknown',
			description: 'There was no response: no answer in time.',
			verify: true,
		});
	});

	test('has failed, or is limited, where the request was not sent', () => {
		expect(interpretWrite(noResponse('no'), provider, silent)).toEqual({
			outcome: 'failed',
			description: 'It was not sent: no connection.',
		});
		const limited = noResponse('no', { retryAt: '2026-11-28T10:00:00.000Z' });
		expect(interpretWrite(limited, provider, silent).outcome).toBe('rateLimited');
	});
});

describe('a read', () => {
	const verdictOf = (answer: CallResult, own?: Parameters<typeof interpretRead>[2]) => {
		const interpretation = interpretRead(answer, provider, own);
		return interpretation.kind === 'failed' ? interpretation.verdict : undefined;
	};

	test('can be used where its response is a JSON record', () => {
		const answer = response(200, { id: 1 });
		expect(interpretRead(answer, provider)).toEqual({ kind: 'usable', response: answer });
		for (const body of ['OK', null, 7]) {
			const description = 'The response is not a JSON record.';
			expect(verdictOf(response(200, body))).toEqual({ outcome: 'failed', description });
		}
	});

	test.each([
		[302, 'failed'],
		[404, 'notFound'],
		[418, 'failed'],
		[500, 'failed'],
	])('that gets status %i is %s, and never in doubt', (status, outcome) => {
		expect(verdictOf(own(status))).toMatchObject({ outcome });
	});

	test.each(foreignBodies)('that gets a 404 with %s says nothing about the target', (_, body) => {
		expect(verdictOf(response(404, body))).toMatchObject({ outcome: 'failed' });
	});

	test('without a response has failed, and is not in doubt', () => {
		expect(verdictOf(noResponse('maybe'))).toEqual({
			outcome: 'failed',
			description: 'There was no response: no answer in time.',
			verify: false,
		});
		const limited = noResponse('no', { retryAt: '2026-11-28T10:00:00.000Z' });
		expect(verdictOf(limited)).toMatchObject({ outcome: 'rateLimited' });
	});

	test('is what the provider says, with its doubt where no record is to be read', () => {
		const said = { outcome: 'unknown', description: 'Nothing is known.' } as const;
		expect(verdictOf(own(200), () => said)).toBe(said);
		const asking = { ...said, verify: true };
		expect(verdictOf(own(200), () => asking)).toEqual({ ...asking, outcome: 'failed' });
		const no = { outcome: 'notFound', verify: true } as const;
		expect(verdictOf(own(200), () => no)).toBe(no);
	});
});

test('a request that only asks is ready where its response is a record', () => {
	expect(interpretPreview(response(200, {}), provider, silent)).toEqual({
		outcome: 'readyToConfirm',
	});
	expect(interpretPreview(own(404), provider, silent)).toMatchObject({ outcome: 'notFound' });
});
