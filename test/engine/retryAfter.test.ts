import { execFileSync } from 'node:child_process';

import { parseRetryAfter, parseRateLimitHeaders } from '../../nodes/shared/http/rateLimitHeaders';

const now = Date.parse('2026-11-21T10:00:00Z');
const month = 31 * 86_400_000;

describe('what Retry-After asks for', () => {
	test.each([
		['7', 7000],
		[' 7 ', 7000],
		['0', 0],
		['1.5', 1500],
		['1.25', 1250],
		['3600', 3_600_000],
		['99999999999999999999', month],
		['9'.repeat(400), month],
		['Sat, 21 Nov 2026 10:00:09 GMT', 9000],
		['Saturday, 21-Nov-26 10:00:09 GMT', 9000],
		['Sat Nov 21 10:00:09 2026', 9000],
		['2026-11-21T10:00:09Z', 9000],
		['2026-11-21T10:00:09', 9000],
		['2026-11-21T11:00:09+01:00', 9000],
		['Sat, 21 Nov 2026 09:00:00 GMT', 0],
		['Sat, 21 Nov 9026 09:00:00 GMT', month],
	])('"%s" is %i ms', (text, ms) => {
		expect(parseRetryAfter(text, now)).toBe(ms);
	});

	test.each(['-5', '1, 2', '', 'soon', '10 s', '1e3', '0x10', 'Infinity', 'Sat', 'Sat, soon'])(
		'"%s" says nothing',
		(text) => {
			expect(parseRetryAfter(text, now)).toBeUndefined();
		},
	);

	test('nothing where there is none', () => {
		expect(parseRetryAfter(undefined, now)).toBeUndefined();
	});

	test('in GMT where no zone is named, whatever the zone of the machine', () => {
		const dates = ['Sat Nov 21 10:00:09 2026', '2026-11-21T10:00:09'];
		const script = `const { parseRetryAfter } = require('./dist/nodes/shared/http/rateLimitHeaders');
			console.log(JSON.stringify(${JSON.stringify(dates)}.map((date) => parseRetryAfter(date, ${now}))))`;
		const env = { ...process.env, TZ: 'Asia/Tokyo' };
		const told = execFileSync(process.execPath, ['-e', script], { env });
		expect(JSON.parse(told.toString())).toEqual([9000, 9000]);
	});

	test('the longest wait still ends at a date', () => {
		const at = new Date(now + parseRetryAfter('99999999999999999999', now)!);
		expect(at.toISOString()).toBe('2026-12-22T10:00:00.000Z');
	});
});

describe('what remains of a limit', () => {
	const said = (remaining?: string, reset?: string, retryAfter?: string, prefix = 'x-') =>
		parseRateLimitHeaders(
			Object.fromEntries(
				Object.entries({
					[`${prefix}ratelimit-remaining`]: remaining,
					[`${prefix}ratelimit-reset`]: reset,
					[`${prefix}ratelimit-retry-after`]: retryAfter,
				}).filter((entry): entry is [string, string] => entry[1] !== undefined),
			),
			now,
		);

	test.each([
		['seconds from now', '30', 30_000],
		['seconds since 1970', String(now / 1000 + 30), 30_000],
		['a moment that is over', String(now / 1000 - 30), 0],
	])('until the reset, given as %s', (_, reset, ms) => {
		expect(said('0', reset)).toEqual({ requests: 0, ms });
		expect(said('17', reset, undefined, '')).toEqual({ requests: 17, ms });
	});

	test('for as long as its own header asks, where no reset is named', () => {
		expect(said('0', undefined, '12')).toEqual({ requests: 0, ms: 12_000 });
	});

	test.each([
		['nothing is said', undefined, '30'],
		['what remains is no number', 'some', '30'],
		['what remains is more than a number', 'some 5', '30'],
		['no end is named', '0', undefined],
		['the end is no number', '0', 'soon'],
		['the end is more than a number', '0', '30 s'],
		['the end is less than a number', '0', 'in 30'],
	])('is not known where %s', (_, remaining, reset) => {
		expect(said(remaining, reset)).toBeUndefined();
	});
});
