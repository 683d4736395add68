import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering } from '../wire';
import { origin, path, future, cancelled, run } from './vendor';

describe('cancel sends', () => {
	test.each<[string, IDataObject, unknown]>([
		['nothing but the ID', {}, ''],
		['a reason', { additionalFields: { reason: 'Too expensive' } }, { reason: 'Too expensive' }],
		['no reason that is empty', { additionalFields: { reason: ' ' } }, ''],
		['the ID from the list', { subscriptionId: { __rl: true, mode: 'list', value: 'sub_1' } }, ''],
		['the ID without spaces around it', { subscriptionId: byId(' sub_1 ') }, ''],
	])('%s', async (_, parameters, body) => {
		const sent = answering(origin, [200, cancelled]);
		const [json] = await run('cancel', parameters);
		expect(json).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'scheduled',
			effectiveAt: future,
		});
		expect(sent).toEqual([
			{
				method: 'POST',
				path: `${path}/sub_1/cancel`,
				body,
				headers: expect.objectContaining({ 'fox-secret': 'secret_of_project' }),
			},
		]);
		expect(sent[0].headers['content-type']).toBe(body === '' ? undefined : 'application/json');
	});

	test('tells the reason in the outcome', async () => {
		answering(origin, [200, cancelled]);
		const [json] = await run('cancel', { additionalFields: { reason: 'Too expensive' } });
		expect(json).toMatchObject({ reason: 'Too expensive', target: 'sub_1' });
	});
});
