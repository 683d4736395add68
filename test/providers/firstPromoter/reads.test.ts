import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import {
	v1,
	v2,
	lead,
	promoter,
	unknownV1,
	byEmail,
	byUid,
	showPath,
	referralPath,
	run,
} from './vendor';

describe('get', () => {
	test.each<[string, string, IDataObject, string]>([
		['v1', v1, byEmail, showPath],
		['v1', v1, byUid, '/api/v1/leads/show?uid=cus_ada'],
		['v2', v2, byEmail, referralPath],
		['v2', v2, byUid, '/api/v2/company/referrals/cus_ada?find_by=uid'],
	])('on %s reads the referral without secrets', async (apiVersion, origin, who, path) => {
		const sent = answering(origin, [200, { ...lead, promoter }]);
		const [json] = await run('get', { apiVersion, ...who });
		expect(json).toEqual({
			...lead,
			promoter: { ...promoter, temp_password: '***', auth_token: '***' },
		});
		expect(lines(sent)).toEqual([`GET ${path}`]);
	});

	test.each<[Prepared, string]>([
		[unknownV1, 'notFound'],
		[[401, '"Bad credentials"'], 'unauthorized'],
		[
			[422, { error: 'You need to find the lead/customer either by id, uid or email.' }],
			'notCancellable',
		],
		[[200, '<html>'], 'failed'],
	])('answered with %j is %s', async (answer, outcome) => {
		answering(v1, answer);
		const [json] = await run('get', byEmail);
		expect(json.error).toMatchObject({ outcome });
	});
});
