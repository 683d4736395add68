import nock from 'nock';

import { signature } from '../../../sandbox/providers/recurly/webhook';
import { startSandbox } from '../../../sandbox/server';
import type { Leaves } from '../../triggers/workflow';
import { cancel, triggerOf } from './pasted';

export const leaves: Leaves = async () => {
	nock.enableNetConnect('127.0.0.1');
	const sandbox = await startSandbox({ providers: ['recurly'] });
	try {
		const trigger = await triggerOf(sandbox);
		// Not sent, because the trigger's address is not of this machine.
		sandbox.pasteWebhook('recurly', { url: trigger.url() });
		await cancel(sandbox, 'ada');
		await sandbox.deliveriesDone();
		const [{ body, eventId }] = sandbox.deliveries('recurly');
		const text = JSON.stringify(body);
		const signed = {
			'recurly-notification-id': eventId,
			'recurly-signature': signature(text),
		};
		return (await trigger.deliver(Buffer.from(text), signed)).items;
	} finally {
		await sandbox.close();
	}
};
