import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import { startSandbox, type ProviderName, type Sandbox } from '../../sandbox/server';
import type { Setting } from '../host/harness';

/** Runs a test against a sandbox of its own. */
export async function onSandbox<T>(
	test: (sandbox: Sandbox) => Promise<T>,
	providers?: ProviderName[],
): Promise<T> {
	const sandbox = await startSandbox({ providers });
	try {
		return await test(sandbox);
	} finally {
		await sandbox.close();
	}
}

/** Runs a test against a sandbox of its own that serves FunnelFox alone, which takes half the time. */
export const onFunnelFox = async <T>(test: (sandbox: Sandbox) => Promise<T>): Promise<T> =>
	await onSandbox(test, ['funnelFox']);

/** The FunnelFox node set to cancel `$json.id`; options that keep tests quick. */
export function cancelling(
	sandbox: Pick<Sandbox, 'url'>,
	items: IDataObject[],
	more: Partial<Setting> & { options?: IDataObject; dryRun?: boolean | string } = {},
): Setting {
	const { options, dryRun = false, parameters, ...rest } = more;
	return {
		node: 'funnelFox',
		items,
		parameters: {
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			dryRun,
			options: { timeout: 10_000, requestsPerMinute: 60_000, ...options },
			...parameters,
		},
		credentials: {
			funnelFoxApi: { ...keys.funnelFox, baseUrl: `${sandbox.url}/funnelfox/public/v1` },
		},
		...rest,
	};
}

/** Seeds `count` subscriptions and returns an item for each. */
export function seeded(sandbox: Sandbox, count: number, prefix = 'x'): Array<{ id: string }> {
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix } });
	return Array.from({ length: count }, (_, index) => ({
		id: `sub_${prefix}_${String(index + 1).padStart(5, '0')}`,
	}));
}

/** How often each record was accepted. */
export function accepted(sandbox: Sandbox): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { record } of sandbox.journal('funnelFox'))
		counts.set(record, (counts.get(record) ?? 0) + 1);
	return counts;
}
