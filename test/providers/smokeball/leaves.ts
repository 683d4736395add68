import { Trigger } from '../../triggers/host';
import * as plans from '../../triggers/plans';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => {
	const provider = new plans.Plans();
	const { credentials, pending } = plans;
	const trigger = await Trigger.of({ node: 'SmokeballTrigger', credentials });
	await trigger.poll();
	provider.rows = [pending()];
	return await trigger.poll();
};
