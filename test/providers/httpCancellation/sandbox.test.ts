import type { IDataObject } from 'n8n-workflow';

import type { FaultKind } from '../../../sandbox/server';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { runner } from '../run';
import { described, facts } from './facts';

const own = ownSandbox();

/** Runs the node at the sandbox; a time-out is short. */
async function cancel(parameters: IDataObject = {}, options: IDataObject = {}) {
	const { one } = runner('httpCancellation', 'request', facts.account(own.sandbox.url), () => ({
		targetId: facts.ada,
		...described,
	}));
	return await one('cancel', parameters, { options: { timeout: 500, ...options } });
}
const sent = () => own.sandbox.requests().filter(({ effect }) => effect === 'write').length;
const accepted = () => own.sandbox.journal().length;

test.each([
	['ended', 'cancelled', true],
	['scheduled', 'scheduled', true],
	['queued', 'pendingProvider', false],
])('a cancellation that is %s comes out as %s', async (afterCancel, outcome, ended) => {
	own.sandbox.settings('httpCancellation', { assumptions: { afterCancel } });
	expect(await cancel()).toMatchObject({ outcome, ended, email: 'ada@example.com' });
	expect([sent(), accepted()]).toEqual([1, 1]);
});

test.each<[FaultKind, string, number, number]>([
	['serverErrorBefore', 'cancelled', 2, 1],
	['serverErrorAfter', 'cancelled', 1, 1],
	['dropAfter', 'cancelled', 1, 1],
	['timeoutAfter', 'cancelled', 1, 1],
	['wrongContentType', 'cancelled', 1, 1],
	['rateLimit', 'cancelled', 2, 1],
	['queued', 'failed', 1, 0],
	['errorInside', 'failed', 1, 0],
	['unauthorized', 'unauthorized', 1, 0],
	['forbidden', 'unauthorized', 1, 0],
])('%s comes out as %s', async (kind, outcome, requests, writes) => {
	own.sandbox.fault({ provider: 'httpCancellation', kind, delayMs: 2000, retryAfter: 0 });
	expect(await cancel()).toMatchObject({ outcome });
	expect([sent(), accepted()]).toEqual([requests, writes]);
});

test.each<[FaultKind, string, number]>([
	['serverErrorBefore', 'unknown', 0],
	['serverErrorAfter', 'unknown', 1],
	['dropBefore', 'unknown', 0],
	['dropAfter', 'unknown', 1],
	['timeoutAfter', 'unknown', 1],
	['badGateway', 'unknown', 0],
	['html', 'unknown', 0],
	['redirect', 'unknown', 0],
	['rateLimit', 'cancelled', 1],
])(
	'without a record, %s comes out as %s, and no doubt is sent again',
	async (kind, outcome, writes) => {
		own.sandbox.fault({ provider: 'httpCancellation', kind, delayMs: 2000, retryAfter: 0 });
		expect(await cancel({ readPath: '' })).toMatchObject({ outcome });
		expect([sent(), accepted()]).toEqual([kind === 'rateLimit' ? 2 : 1, writes]);
	},
);

test('with an idempotency header a doubtful request is sent again, and carried out once', async () => {
	own.sandbox.fault({ provider: 'httpCancellation', kind: 'dropAfter' });
	const options = { idempotencyHeader: 'Idempotency-Key' };
	expect(await cancel({ readPath: '' }, options)).toMatchObject({ outcome: 'cancelled' });
	expect([sent(), accepted()]).toEqual([2, 1]);
});

test.each<FaultKind>(['otherRecord', 'html', 'empty', 'redirect', 'emptyList'])(
	'a read with %s sends nothing',
	async (kind) => {
		own.sandbox.fault({ provider: 'httpCancellation', kind, on: 'read', times: 0 });
		expect(await cancel()).toMatchObject({ outcome: 'refused', ended: false });
		expect([sent(), accepted()]).toEqual([0, 0]);
	},
);

test('an API that deletes', async () => {
	const parameters = {
		...{ method: 'DELETE', path: '/subscriptions/{id}', body: '', successField: '' },
		...{ statusField: '', endedStatuses: '', scheduledStatuses: '', readNotFound: 'ended' },
	};
	own.sandbox.fault({ provider: 'httpCancellation', kind: 'serverErrorAfter' });
	expect(await cancel(parameters)).toMatchObject({ outcome: 'cancelled', ended: true });
	expect([sent(), accepted()]).toEqual([1, 1]);
});
