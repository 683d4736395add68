import type { IDataObject } from 'n8n-workflow';

import { sandboxCredentials } from '../../host/sandboxCredentials';
import type { SettingsChange } from '../../sandbox/settings';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { runner } from './run';

/** What the providers' pages leave open: the nodes come to the same whichever way it is. */

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox()));
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

const resources = { funnelFox: 'subscription', reditus: 'referral', smokeball: 'subscription' };
type Name = keyof typeof resources;

async function carriedOut(node: Name, operation: string, parameters: IDataObject) {
	const account = sandboxCredentials(sandbox.url).find(({ type }) => type === `${node}Api`)!;
	const { one } = runner(node, resources[node], { [account.type]: account.data as never });
	return await one(operation, parameters);
}

const id = (value: string) => ({ __rl: true, mode: 'id', value });
const given = (provider: Name, change: SettingsChange) => sandbox.settings(provider, change);

describe('FunnelFox', () => {
	const cancel = async (who: string) =>
		await carriedOut('funnelFox', 'cancel', { subscriptionId: id(`sub_${who}`) });

	test.each(['cancelled', 'active'])('may call what was cancelled %s', async (afterCancel) => {
		given('funnelFox', { assumptions: { afterCancel } });
		expect(await cancel('ada')).toMatchObject({ outcome: 'scheduled', email: 'ada@example.com' });
		expect(await cancel('ada')).toMatchObject({ outcome: 'alreadyCancelled', ended: true });
		expect(sandbox.journal()).toHaveLength(1);
	});

	test.each(['cancelled', 'active'])(
		'may answer %s without an end and an address',
		async (afterCancel) => {
			given('funnelFox', { assumptions: { afterCancel } });
			expect(await cancel('bare')).toMatchObject({ ok: true, ended: true, email: null });
			expect(await cancel('bare')).toMatchObject({ outcome: 'alreadyCancelled', email: null });
			expect(sandbox.journal()).toHaveLength(1);
		},
	);
});

describe('Reditus', () => {
	const ways: Array<[string, IDataObject]> = [
		['e-mail', { identifyBy: 'referralEmail', referralEmail: 'cleo@example.com' }],
		['ID', { identifyBy: 'referralId', referralId: id('ref_cleo') }],
	];
	const words = ['inState', 'already', 'noState'];

	test.each(ways.flatMap(([by, who]) => words.map((secondChurn) => ({ by, who, secondChurn }))))(
		'may refuse a second churn by $by in whatever words ($secondChurn): the record decides',
		async ({ who, secondChurn }) => {
			given('reditus', { assumptions: { secondChurn } });
			expect(await carriedOut('reditus', 'churn', who)).toMatchObject({
				outcome: 'alreadyCancelled',
			});
			expect(sandbox.journal()).toEqual([]);
		},
	);

	test.each([
		['inState', 'alreadyCancelled'],
		['already', 'alreadyCancelled'],
		['noState', 'notCancellable'],
	])('by UID its words have to do: %s is %s', async (secondChurn, outcome) => {
		given('reditus', { assumptions: { secondChurn } });
		const who = { identifyBy: 'referralUid', referralUid: 'cus_cleo' };
		expect(await carriedOut('reditus', 'churn', who)).toMatchObject({ outcome });
		expect(sandbox.journal()).toEqual([]);
	});
});

describe('Smokeball', () => {
	const dora = 'b471682e-fa17-4e46-b7fe-000000000004';

	test.each([0, 400, 60_000])('may resume %d ms after it has accepted', async (lagMs) => {
		given('smokeball', { lagMs });
		const answer = await carriedOut('smokeball', 'resume', { subscriptionId: id(dora) });
		expect(answer).toMatchObject({ outcome: 'restored', httpStatus: 202, ended: false });
		expect(sandbox.journal()).toHaveLength(1);
	});
});
