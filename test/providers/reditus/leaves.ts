import { Trigger } from '../../triggers/host';
import * as referrals from '../../triggers/referrals';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => {
	const provider = new referrals.Referrals();
	const { churn, credentials } = referrals;
	const trigger = await Trigger.of({ node: 'ReditusTrigger', credentials });
	await trigger.poll();
	provider.rows = [churn('5', Math.floor(Date.now() / 1000))];
	return await trigger.poll();
};
