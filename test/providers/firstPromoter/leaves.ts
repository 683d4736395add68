import { Trigger } from '../../triggers/host';
import * as promoter from '../../triggers/promoter';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => {
	const provider = new promoter.Promoter();
	provider.referrals = { 77: { id: 77, state: 'cancelled', email: 'ada@example.com' } };
	const { credentials } = promoter;
	const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials });
	await trigger.activate();
	return (await trigger.deliver(promoter.cancelled(), provider.headers())).items;
};
