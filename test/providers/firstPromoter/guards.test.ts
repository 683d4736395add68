import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import { v1, v2, lead, active, recorded, byEmail, run } from './vendor';

/** The answer to a cancellation of another than Ada. */
const taken = (who: IDataObject): Prepared => [200, { ...recorded, lead: { ...lead, ...who } }];

describe('an identifier', () => {
	const odd = ['a/b', 'a/../b', 'a#b', 'a b', 'a+b', 'ünï', 'auth0|5f7c', 'a&uid=b'];

	test.each(odd)('"%s" arrives unchanged', async (uid) => {
		const encoded = encodeURIComponent(uid);
		const cancelled = taken({ uid });
		let sent = answering(v1, [200, { ...active, uid }], cancelled);
		await run('cancel', { identifyBy: 'uid', uid, additionalFields: { eventId: 'e' } });
		expect(lines(sent)).toEqual([
			`GET /api/v1/leads/show?uid=${encoded}`,
			`POST /api/v1/track/cancellation?uid=${encoded}&event_id=e`,
		]);
		sent = answering(v2, [200, { ...active, uid }], cancelled);
		await run('cancel', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)[0]).toBe(`GET /api/v2/company/referrals/${encoded}?find_by=uid`);
		expect(sent.slice(1).map(({ body }) => body)).toEqual([{ uid }]);
		sent = answering(v2, [200, lead]);
		await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)).toEqual([`GET /api/v2/company/referrals/${encoded}?find_by=uid`]);
	});

	test.each(['a+b@example.com', "o'neil@example.com", 'ada@exämple.com'])(
		'e-mail "%s" arrives as it is',
		async (email) => {
			const sent = answering(v1, [200, { ...active, email }], taken({ email }));
			await run('cancel', { identifyBy: 'email', email });
			const asked = sent.map(({ path }) => new URL(path, v1).searchParams.get('email'));
			expect(asked).toEqual([email, email]);
		},
	);

	test.each<IDataObject>([
		{ identifyBy: 'email', email: 'ada@' },
		{ identifyBy: 'email', email: 'a@b.co, c@d.co' },
		{ identifyBy: 'username', username: 'ada' },
	])('%j is not sent', async (who) => {
		const sent = [...answering(v1), ...answering(v2)];
		for (const apiVersion of ['v1', 'v2'])
			expect(await run('cancel', { apiVersion, ...who })).toMatchObject([{ outcome: 'invalid' }]);
		expect(sent).toEqual([]);
	});
});

test.each(
	['eventId', 'createdAt', 'skipEmailNotification'].flatMap((name) =>
		['={{ $json.none }}', ' ', 'undefined', '[object Object]'].map((value) => ({ name, value })),
	),
)('the additional field $name as "$value" is not sent', async ({ name, value }) => {
	const sent = answering(v1);
	const [json] = await run('cancel', { ...byEmail, additionalFields: { [name]: value } });
	expect(json).toMatchObject({
		outcome: 'invalid',
		attempts: 0,
		message: expect.stringContaining('Nothing was sent'),
	});
	expect(sent).toEqual([]);
});
