import nock from 'nock';

import { startSandbox } from '../../../sandbox/server';
import { deliver, itemsOf, published, sub } from '../../triggers/chargebee';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => {
	nock.enableNetConnect('127.0.0.1');
	const sandbox = await startSandbox();
	try {
		const trigger = await published(sandbox);
		sandbox.customerCancels('chargebee', sub('ada'));
		return itemsOf(await deliver(sandbox, trigger));
	} finally {
		await sandbox.close();
	}
};
