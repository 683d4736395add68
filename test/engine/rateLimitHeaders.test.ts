import { execFileSync } from 'node:child_process';

import { parseRetryAfter, parseRateLimitHeaders } from '../../nodes/shared/http/rateLimitHeaders';

const now = Date.parse('2026-11-21T10:00:00Z');
const day = 86_400_000;

describe('parses Retry-After', () => {
	test.each([
		['7', 7000],
		[' 7 ', 7000],
		['0', 0],
		['1.5', 1500],
		['1.25', 1250],
		['3600', 3_600_000],
		[String(31 * 86_400), 31 * day],
		['Sat, 21 Nov 2026 10:00:09 GMT', 9000],
		['Saturday, 21-Nov-26 10:00:09 GMT', 9000],
		['Sat Nov 21 10:00:09 2026', 9000],
		['2026-11-21T10:00:09Z', 9000],
		['2026-11-21T10:00:09', 9000],
		['2026-11-21T11:00:09+01:00', 9000],
		['2026-11-21T11:00:09+0100', 9000],
		['Sat, 21 Nov 2026 09:00:00 GMT', 0],
		// Seconds and milliseconds since 1970.
		[String(now / 1000 + 9), 9000],
		[String(now / 1000 - 9), 0],
		[String(now + 9000), 9000],
		[String(now + 9000.5), 9000.5],
	])('"%s" as %i ms', (text, ms) => {
		expect(parseRetryAfter(text, now)).toBe(ms);
	});

	test.each(['-5', '1, 2', '', 'soon', '10 s', '1e3', '0x10', 'Infinity', 'Sat', 'Sat, soon'])(
		'"%s" as nothing',
		(text) => {
			expect(parseRetryAfter(text, now)).toBeUndefined();
		},
	);

	test.each([
		String(31 * 86_400 + 1),
		'999999999',
		'1000000000',
		String(now + 31 * day + 1),
		String(now - 31 * day - 1),
		'99999999999999999999',
		'9'.repeat(400),
		'Sat, 21 Nov 9026 09:00:00 GMT',
		'1999-11-21T10:00:09Z',
	])('ignores "%s", which is farther away than any limit lasts', (text) => {
		expect(parseRetryAfter(text, now)).toBeUndefined();
	});

	test('a missing one as nothing', () => {
		expect(parseRetryAfter(undefined, now)).toBeUndefined();
	});

	test('a date without a zone as GMT, whatever the zone of the machine', () => {
		const dates = ['Sat Nov 21 10:00:09 2026', '2026-11-21T10:00:09'];
		const script = `const { parseRetryAfter } = require('./dist/nodes/shared/http/rateLimitHeaders');
			console.log(JSON.stringify(${JSON.stringify(dates)}.map((date) => parseRetryAfter(date, ${now}))))`;
		const env = { ...process.env, TZ: 'Asia/Tokyo' };
		const output = execFileSync(process.execPath, ['-e', script], { env });
		expect(JSON.parse(output.toString())).toEqual([9000, 9000]);
	});
});

describe('parses what remains of a limit', () => {
	const status = (remaining?: string, reset?: string, retryAfter?: string, prefix = 'x-') =>
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
		['milliseconds since 1970', String(now + 30_000), 30_000],
		['a time that has just passed', String(now / 1000 - 30), 0],
	])('until the reset, given as %s', (_, reset, ms) => {
		expect(status('0', reset)).toEqual({ requests: 0, ms });
		expect(status('17', reset, undefined, '')).toEqual({ requests: 17, ms });
	});

	test('for as long as its own header asks, where no reset is named', () => {
		expect(status('0', undefined, '12')).toEqual({ requests: 0, ms: 12_000 });
	});

	test.each([
		['nothing is said', undefined, '30'],
		['what remains is no number', 'some', '30'],
		['what remains is more than a number', 'some 5', '30'],
		['no end is named', '0', undefined],
		['the end is no number', '0', 'soon'],
		['the end is more than a number', '0', '30 s'],
		['the end is less than a number', '0', 'in 30'],
		['the end is farther away than any limit lasts', '0', String(31 * 86_400 + 1)],
		['the end is in another year', '0', String(now + 366 * day)],
	])('as nothing where %s', (_, remaining, reset) => {
		expect(status(remaining, reset)).toBeUndefined();
	});
});
