import { Trigger } from '../../triggers/host';
import * as fox from '../../triggers/fox';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => {
	new fox.Fox();
	const { credentials, delivery, headers } = fox;
	const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials });
	return (await trigger.deliver(delivery(), headers)).items;
};
