import type { IDataObject } from 'n8n-workflow';

import { byId as idOf } from '../facts';
import { answering, lines } from '../wire';
import {
	origin,
	churnPath,
	churnedAt,
	one,
	list,
	referral,
	byUid,
	byEmail,
	byId,
	getByEmail,
	run,
} from './vendor';

describe('churn sends', () => {
	test.each<[string, IDataObject, IDataObject]>([
		['the uid', byUid, { referral_uid: 'user_1' }],
		['the e-mail', byEmail, { referral_email: 'ada@example.com' }],
		[
			'the e-mail where nothing else is chosen',
			{ referralEmail: 'ada@example.com' },
			{ referral_email: 'ada@example.com' },
		],
		['the ID', byId, { referral_id: '4711' }],
		[
			'the ID from the list',
			{ identifyBy: 'referralId', referralId: { __rl: true, mode: 'list', value: '4711' } },
			{ referral_id: '4711' },
		],
		[
			'an ID without spaces around it',
			{ identifyBy: 'referralId', referralId: idOf(' 4711 ') },
			{ referral_id: '4711' },
		],
		[
			'a number as text',
			{ identifyBy: 'referralId', referralId: idOf('={{ 4711 }}') },
			{ referral_id: '4711' },
		],
		[
			'only what was chosen',
			{ ...byEmail, referralUid: 'user_2', referralId: idOf('9') },
			{ referral_email: 'ada@example.com' },
		],
	])('%s', async (_, parameters, body) => {
		const reads = 'referral_email' in body ? [list(referral('paid'))] : [];
		const sent = answering(origin, ...reads, one('churned'));
		const [json] = await run('churn', parameters);
		expect(json).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'cancelled',
			effectiveAt: churnedAt,
		});
		expect(lines(sent.slice(0, reads.length))).toEqual(reads.map(() => getByEmail));
		expect(sent.slice(reads.length)).toEqual([
			{
				method: 'POST',
				path: churnPath,
				body,
				headers: expect.objectContaining({
					authorization: 'Bearer token-of-program',
					'content-type': 'application/json',
				}),
			},
		]);
	});
});

test('the pace without options stays within 100 requests in 5 minutes', async () => {
	const { rateLimits } = jest.requireActual('../../../nodes/Reditus/provider').reditus;
	expect(rateLimits.burst + 5 * rateLimits.requestsPerMinute).toBeLessThanOrEqual(100);
});
